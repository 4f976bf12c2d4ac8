"""EMV 3-D Secure 2.2.0 servers: a directory server and an access-control server, JSON over HTTP on loopback.

Nothing about cards is logged or stored. While a challenge lasts, the access-control server has its masked card number
in memory, to show it to the payer.
"""
