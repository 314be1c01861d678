"""Microsoft Graph's mail and Entra's tokens, on this machine, as strict as the real ones.

What it is modelled on: Microsoft's reference for messages, extended properties, immutable ids,
delta queries and throttling. Where that is silent it does the worst: a message that is sent twice
leaves twice, and what was done can stay out of sight for a while.
"""
