"""schemathesis over the whole OpenAPI description of a service with data in it: at least 10,000 cases.

    python -m tests.benchmarks.service.fuzz [CASES_PER_OPERATION] [PATH]

Asks as the administrator, only below PATH if one is given, and reports every answer that is a server error or that the
description does not allow.
"""

import argparse
import sys
import time

from tests.api.test_contract import fuzz


def main(*, cases: int, path: str) -> int:
    """Ask, count, and tell the faults; 1 when there is one."""
    started = time.process_time()
    operations, asked, found = fuzz(cases, path=path)
    for label, fault in found.items():
        print(f"{label}:\n{fault}\n")
    seconds = time.process_time() - started
    print(f"{operations} operations, {asked:,} cases, {len(found)} operations at fault, {seconds:.0f} CPU s")
    return 1 if found else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=int, nargs="?", default=110)
    parser.add_argument("path", nargs="?", default="")
    sys.exit(main(**vars(parser.parse_args())))
