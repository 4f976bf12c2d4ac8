"""The report: every promise, in order, honest about what it could not look at, and nothing personal in it."""

import contextlib
import dataclasses
import json
from collections.abc import AsyncIterator, Mapping

import asyncpg
import pytest
from sqlalchemy import MetaData

from ippgateway.app.promises_command import told
from ippgateway.privacy.zones import Zone
from ippgateway.promises.checks import CHECKS
from ippgateway.promises.context import Answer, Context
from ippgateway.promises.finding import CannotCheck, Finding, Status, judge
from ippgateway.promises.register import REGISTER
from ippgateway.promises.report import find, report

from .bench import NAMES, Bench
