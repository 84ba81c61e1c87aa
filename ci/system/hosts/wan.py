#!/usr/bin/env python3
"""A switch in user space with a delay and a rate: wan.py DELAY_MS MBIT NAMESPACE...

For kernels without the netem queue discipline. Each network namespace gets an interface wan0 with the address 10.78.0.10 and
following. Prints "up" when all are there, and runs until it is killed.
"""
import fcntl
import heapq
import os
import select
import struct
import subprocess
import sys
import time

TUNSETIFF = 0x400454CA
IFF_TAP_NO_PI = 0x0002 | 0x1000
BROADCAST = 1

delay = float(sys.argv[1]) / 1000
bits_per_second = float(sys.argv[2]) * 1e6
namespaces = sys.argv[3:]

taps = []
for i, namespace in enumerate(namespaces):
    tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    name = f"t{os.getpid() % 100000}_{i}"
    fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP_NO_PI))
    for command in (f"ip link set {name} netns {namespace} name wan0",
                    f"ip -n {namespace} addr add 10.78.0.{10 + i}/24 dev wan0",
                    f"ip -n {namespace} link set wan0 up"):
        subprocess.check_call(command.split())
    taps.append(tap)
print("up", flush=True)

poll = select.poll()
port_of_tap = {}
for port, tap in enumerate(taps):
    poll.register(tap, select.POLLIN)
    port_of_tap[tap] = port
port_of_address = {}
free_at = [0.0] * len(taps)
waiting = []  # (when, order, port, frame)
order = 0
while True:
    pause = max(0.0, waiting[0][0] - time.monotonic()) * 1000 if waiting else 1000
    for tap, _ in poll.poll(pause):
        for _ in range(64):
            try:
                frame = os.read(tap, 65536)
            except BlockingIOError:
                break
            source = port_of_tap[tap]
            port_of_address[frame[6:12]] = source
            known = None if frame[0] & BROADCAST else port_of_address.get(frame[0:6])
            for port in range(len(taps)) if known is None else (known,):
                if port == source:
                    continue
                begin = max(time.monotonic(), free_at[port])
                free_at[port] = begin + len(frame) * 8 / bits_per_second
                order += 1
                heapq.heappush(waiting, (free_at[port] + delay, order, port, frame))
    now = time.monotonic()
    while waiting and waiting[0][0] <= now:
        _, _, port, frame = heapq.heappop(waiting)
        try:
            os.write(taps[port], frame)
        except BlockingIOError:
            pass
