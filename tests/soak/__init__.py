"""Long tests, started by name: `python run.py soak [NAME]`. Each module with a NAME and a `main` is one."""
