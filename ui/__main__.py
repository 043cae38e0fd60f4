"""`python -m ui`."""

from app.process_end import end_process
from ui.main import main

if __name__ == "__main__":
    end_process(main())
