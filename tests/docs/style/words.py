# SPDX-License-Identifier: GPL-3.0-or-later
"""What not to say, and what to say instead."""

from __future__ import annotations

# Regular expressions that match whole words, in any case.
WORDS = {
    r"tells?|told|telling": "'report', 'show', 'list' or 'state'",
    r"hand(?:s|ed|ing)? on": "'export' or 'pass'",
    r"hand(?:s|ed|ing)? over": "'pass' or 'return'",
    r"time is over": "'retention period ends', 'timeout' or 'expires'",
    r"for nothing is": "what follows from it",
    r"stands? against|stood against": "'prevents'",
    r"twins?": "'counterpart' or 'copy'",
    r"said of|says of|say of": "'set for' or 'described by'",
    r"go(?:es)? by": "'uses' or 'depends on'",
    r"for a look|(?:the|a) look at": "'to inspect' or 'check'",
    r"looks? after": "'watch' or 'clean up'",
    r"gives? way": "'stops' or 'ends'",
    r"signs? of life": "'renewed its lease' or 'heartbeat'",
    r"taken? up|takes up|took up": "'resume' or 'continue'",
    r"pushed on|push(?:es)? on": "'postpone'",
    r"goes on|go on|went on|going on|gone on": "'continue'",
    r"rings?|ringing|rang|rung": "'is in ALARM' or 'goes off'",
    r"held against": "'compared with'",
    r"anew": "'again'",
    r"nevertheless": "'anyway'",
    r"mend(?:s|ed|ing)?": "'fix'",
    r"nothing but": "'only'",
    r"besides?": "'also', 'in addition' or 'next to'",
    r"whereof|thereof|therein|hence|lest|whatsoever|hitherto": "a plain word",
    r", for (?:it|they|there|nothing|then|nobody|what|he|we|this|that|all)": "'because'",
    r"of before|as before": "'earlier'",
    r"so many": "'that many'",
    r"a person says|a person said": "'you set'",
    r"is dear|too dear|dearer": "'expensive'",
    r"all that": "'everything that' or 'each … that'",
    r"looked at": "'checked' or 'read'",
    r"what stands": "'what is'",
    r"as it stands": "'as it is'",
    r"turned? down|turns down": "'reject'",
    r"turned back": "'returned' or 'rolled back'",
}
