"""HTTP for the vendors' clients: one session, two budgets. Alone in importing httpx; knows no vendor."""

from app.http.bucket import TokenBucket
from app.http.points import MethodCost, PointsBudget, PointsLimits, PointsOutlook, PointsView, PollPlan
from app.http.session import HttpReply, HttpSession
from app.http.upload import FileToSend, upload_deadline_s

__all__ = [
    "FileToSend",
    "HttpReply",
    "HttpSession",
    "MethodCost",
    "PointsBudget",
    "PointsLimits",
    "PointsOutlook",
    "PointsView",
    "PollPlan",
    "TokenBucket",
    "upload_deadline_s",
]
