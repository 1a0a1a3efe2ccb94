"""`python -m vcanalysis`: the command line."""

import sys

from vcanalysis.cli import main

if __name__ == "__main__":
    sys.exit(main())
