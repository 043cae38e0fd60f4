"""A scripted shift played on the real window against the simulator: pictures, `tour.json`, and a verdict."""

from ui.tour.play import run_tour

__all__ = ["run_tour"]
