#!/usr/bin/env atf-sh
