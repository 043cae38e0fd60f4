"""HTTP for the vendors' clients: one session, two budgets. Alone in importing httpx; knows no vendor."""

from app.http.bucket import TokenBucket
from app.http.points import PointsBudget, PointsLimits, PointsView
from app.http.session import HttpReply, HttpSession

__all__ = ["HttpReply", "HttpSession", "PointsBudget", "PointsLimits", "PointsView", "TokenBucket"]
