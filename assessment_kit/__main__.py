"""Run the command line as ``python -m assessment_kit``."""

import sys

from assessment_kit.cli import main

if __name__ == "__main__":
    sys.exit(main())
