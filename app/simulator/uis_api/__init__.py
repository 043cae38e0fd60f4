"""The Call API v4.0 and a part of the Data API v2.0 in front of the simulated exchange: JSON-RPC and its manners."""
