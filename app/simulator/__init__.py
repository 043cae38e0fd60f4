"""The other side of the wire for demo, training and tests: a PBX, a Bitrix24 portal and an amoCRM account.

One process, real loopback HTTP. Shares no code with the clients it plays against.
"""
