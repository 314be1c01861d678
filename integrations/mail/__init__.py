"""One interface to email services: Microsoft Graph and a local folder."""
