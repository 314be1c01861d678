"""A fake of Microsoft Graph's email and Entra's tokens, as strict as the real ones.

It follows Microsoft's reference for messages, extended properties, immutable ids, delta queries and
throttling. Where the reference says nothing it assumes the worst: a message that is sent twice is
delivered twice, and a change can stay invisible for a while.
"""
