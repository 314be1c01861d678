"""Mutation testing of the rules: does a test fail when one expression of a rule is changed?"""
