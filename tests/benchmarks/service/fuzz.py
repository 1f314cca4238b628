"""schemathesis over the whole OpenAPI description of a service with data in it: at least 10,000 cases.

    python -m tests.benchmarks.service.fuzz [CASES_PER_OPERATION]

Asks as the administrator, and reports every answer that is a server error or that the description does not allow.
"""

import sys
import time

from tests.api.test_contract import fuzz


def main(cases_each: int = 110) -> int:
    """Ask, count, and tell the faults; 1 when there is one."""
    started = time.process_time()
    operations, cases, found = fuzz(cases_each)
    for label, fault in found.items():
        print(f"{label}:\n{fault}\n")
    seconds = time.process_time() - started
    print(f"{operations} operations, {cases:,} cases, {len(found)} operations at fault, {seconds:.0f} CPU s")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*(int(argument) for argument in sys.argv[1:])))
