"""Inflates files with the installed zlib on two processors and does nothing else: python3 inflate.py GLOB

Prints how many bytes of text there are.
"""
import glob
import os
import sys
import zlib

STEP = 16 << 10


def text_of(path):
    """Members one behind the other; a step at a time, as whoever reads the text would have it."""
    count, member = 0, zlib.decompressobj(wbits=31)
    with open(path, "rb", buffering=0) as file:
        while step := file.read(STEP):
            while step:
                count += len(member.decompress(step))
                step = member.unused_data
                if member.eof:
                    member = zlib.decompressobj(wbits=31)
    return count


def main():
    paths = sorted(glob.glob(sys.argv[1]), key=os.path.getsize)
    receiving, sending = os.pipe()
    for half in (paths[0::2], paths[1::2]):
        if os.fork() == 0:
            os.write(sending, b"%d\n" % sum(map(text_of, half)))
            os._exit(0)
    os.close(sending)
    with os.fdopen(receiving) as counts:
        total = sum(map(int, counts))
    for _ in range(2):
        if os.wait()[1] != 0:
            sys.exit("inflate: a process failed")
    print(total)


main()
