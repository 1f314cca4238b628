"""Lower bounds on how balanced any alignment can be."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

from territories.engine.costs import Bools, Floats, Ints


def best_deviation(activity: Floats, mask_of: Ints, masks: Bools, target: Floats, fixed: Floats | None = None) -> float:
    """Smallest largest relative deviation that any assignment can have, for one measure.

    Customers may be split in the bound, so it is never above the truth; a unit larger than every target it may go to
    raises it further.

    Parameters
    ----------
    activity : float array, shape (n,)
        Value of every unit.
    mask_of, masks : arrays, shape (n,), (g, m)
        Territories allowed for the units.
    target : float array, shape (m,)
        What every territory should have.
    fixed : float array, shape (m,), optional
        What a territory has in any case.
    """
    m = len(target)
    fixed = np.zeros(m) if fixed is None else fixed
    mass = np.bincount(mask_of, activity, len(masks))
    scale = float(target.mean())
    if scale <= 0:
        return 0.0
    group, territory = np.nonzero(masks)
    count = len(group)
    if len(masks) == 1 and masks.all() and not fixed.any():
        spread = abs(mass[0] / target.sum() - 1.0)
    else:
        # minimise t with  sum_g y_gj + fixed_j within (1 ± t) target_j  and  sum_j y_gj = mass_g
        share = sp.csr_matrix((np.ones(count), (territory, np.arange(count))), shape=(m, count))
        whole = sp.csr_matrix((np.ones(count), (group, np.arange(count))), shape=(len(masks), count))
        column = sp.csr_matrix((target / scale)[:, None])
        upper = sp.vstack([sp.hstack([share, -column]), sp.hstack([-share, -column])]).tocsr()
        limits = np.concatenate([target - fixed, fixed - target]) / scale
        equal = sp.hstack([whole, sp.csr_matrix((len(masks), 1))]).tocsr()
        cost = np.zeros(count + 1)
        cost[-1] = 1.0
        found: Any = linprog(  # type: ignore[call-overload]  # its stubs leave out sparse matrices
            cost, A_ub=upper, b_ub=limits, A_eq=equal, b_eq=mass / scale, method="highs"
        )
        spread = float(found.fun) if found.status == 0 else 0.0
    room = np.array([(target[row]).max() if row.any() else np.inf for row in masks])
    big = activity / room[mask_of] - 1.0 if len(activity) else np.zeros(1)
    return max(0.0, float(spread), float(big.max(initial=0.0)))
