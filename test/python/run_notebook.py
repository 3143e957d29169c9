"""Runs cells in a real Jupyter kernel, in the working directory. Reads {"cells": [source, ...], "interrupt": cell or null,
"once": glob} from stdin: that cell is interrupted, as the stop button does it, once a file of that pattern is there. Writes
for every cell what it printed and the name of the error that it ended with, as JSON."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

from jupyter_client.manager import start_new_kernel

given = json.load(sys.stdin)
# What the kernel itself prints is not what its cells print.
manager, client = start_new_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def interrupt():
    while not list(Path('.').glob(given['once'])):
        time.sleep(0.02)
    manager.interrupt_kernel()


told = []
for number, source in enumerate(given['cells']):
    if number == given['interrupt']:
        threading.Thread(target=interrupt, daemon=True).start()
    printed = []

    def hear(message):
        if message['msg_type'] == 'stream':
            printed.append(message['content']['text'])

    content = client.execute_interactive(source, output_hook=hear, timeout=240)['content']
    error = f"{content['ename']}: {content['evalue']}" if content['status'] == 'error' else None
    told.append({'text': ''.join(printed), 'error': error})
client.stop_channels()
manager.shutdown_kernel()
json.dump(told, sys.stdout)
