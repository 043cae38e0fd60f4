"""How amoCRM says no: `application/problem+json`, with the path of each bad field. Source: crm-notes 6.4.

AmoProblemError     one refusal with an HTTP code; nothing was written
"""

from dataclasses import dataclass

TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    402: "Payment Required",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    429: "Too Many Requests",
}


@dataclass(frozen=True)
class FieldProblem:
    """One field of one item: `path` as ``params.source``."""

    code: str
    path: str
    detail: str


MISSING = ("FieldMissing", "This field is missing.")
NULL = ("NotNullable", "This value should not be null.")
BLANK = ("NotBlank", "This value should not be blank.")
CHOICE = ("NotSupportedChoice", "The value you selected is not a valid choice.")


class AmoProblemError(Exception):
    """One refusal; `items` maps an item's request_id to its bad fields."""

    def __init__(
        self, http_status: int, detail: str, *, items: dict[str, list[FieldProblem]] | None = None, code: int = 0
    ) -> None:
        super().__init__(f"{http_status}: {detail}")
        self.http_status = http_status
        self.detail = detail
        self.items = items or {}
        self.code = code

    def body(self) -> dict[str, object]:
        """The problem+json object."""
        problem: dict[str, object] = {
            "title": TITLES[self.http_status],
            "type": f"https://httpstatus.es/{self.http_status}",
            "status": self.http_status,
            "detail": self.detail,
        }
        if self.code:
            problem["code"] = self.code
        if self.items:
            problem["validation-errors"] = [
                {
                    "request_id": request_id,
                    "errors": [{"code": bad.code, "path": bad.path, "detail": bad.detail} for bad in bad_fields],
                }
                for request_id, bad_fields in self.items.items()
            ]
        return problem
