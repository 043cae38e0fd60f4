"""The bottom line: link, age of the data, points, unsent cards, and the last word said to the operator."""
