"""No enterprise sees another's: every RPC, every route and every row, generated and not listed.

It stands here because only what runs whole has all services, both edges and real data in them.
"""
