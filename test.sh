#!/usr/bin/env bash
echo "not there yet" >&2
exit 2
