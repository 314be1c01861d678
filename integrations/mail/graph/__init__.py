"""Email through Microsoft Graph. README.md beside this file says how to set it up."""
