"""Mutation testing of the rules: does a test notice when one expression of a rule is changed?"""
