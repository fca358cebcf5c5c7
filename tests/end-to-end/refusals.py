#!/usr/bin/env python3
"""usage: refusals.py PHASE; the environment is that of scripts/election.sh. Prints a line per case."""

import sys

import phase_casting
import phase_devices
import phase_draft
import phase_flood
import phase_public
import phase_registration
import phase_tally
import phase_transport
from setting import Setting

PHASES = {
    "transport": phase_transport.run,
    "draft": phase_draft.run,
    "registration": phase_registration.run,
    "late-registration": phase_registration.late,
    "before-open": phase_casting.before_open,
    "open": phase_casting.while_open,
    "devices": phase_devices.run,
    "closing": phase_casting.during_closing,
    "trustees": phase_tally.trustees,
    "tally": phase_tally.wrong_tallies,
    "shares": phase_tally.wrong_shares,
    "share-again": phase_tally.share_again,
    "results": phase_tally.wrong_results,
    "public": phase_public.run,
    "flood": phase_flood.run,
}

if __name__ == "__main__":
    setting = Setting()
    PHASES[sys.argv[1]](setting)
    sys.exit(1 if setting.report.failed or not setting.report.passed else 0)
