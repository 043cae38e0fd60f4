"""HTTP for the vendors' clients: one session, two budgets. Alone in importing httpx; knows no vendor."""

from app.http.bucket import TokenBucket
from app.http.points import MethodCost, PointsBudget, PointsLimits, PointsOutlook, PointsView, PollPlan
from app.http.session import HttpReply, HttpSession

__all__ = [
    "HttpReply",
    "HttpSession",
    "MethodCost",
    "PointsBudget",
    "PointsLimits",
    "PointsOutlook",
    "PointsView",
    "PollPlan",
    "TokenBucket",
]
