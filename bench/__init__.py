"""The speed of the payment path, measured against the same durable rows written by `pgbench` on the same server."""
