"""Scripts that try to reach what isn't theirs. Each returns if it got there, and does no harm if it does.

`content` tells where the prizes are; see `prizes.py`. An attack counts as failed when it raised, or its process was
killed. Those marked `root` need its privileges even where nothing is locked.
"""

from __future__ import annotations

import textwrap
from typing import NamedTuple

from sluice.workers.child.policy import ScriptPolicy


class Attack(NamedTuple):
    """One script.

    Attributes:
        source: after a common beginning, the body of `process(content)`.
        root: only root can do it where nothing is locked.
        control: whether it goes through where nothing is locked, which a test shows.
        policy: that it runs under.
    """

    source: str
    root: bool = False
    control: bool = True
    policy: ScriptPolicy = ScriptPolicy(memory_mb=256, scratch_mb=2)

    @property
    def script(self) -> str:
        """Its whole text."""
        return _BEGINNING + "def process(content):\n" + textwrap.indent(textwrap.dedent(self.source), "    ")


_BEGINNING = '''
import ctypes, errno, fcntl, mmap, os, platform, resource, signal, socket, struct, subprocess, sys, tempfile, threading

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
X86 = platform.machine() == "x86_64"

def call(x86, arm, *arguments):
    """Make a system call by its number; a bytes argument goes by address."""
    plain = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = libc.syscall(ctypes.c_long(x86 if X86 else arm), *plain)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result

def check(result):
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result

def held(why):
    raise RuntimeError("held: " + why)

'''

FILES = {
    "read /etc/passwd": Attack("open('/etc/passwd').read()"),
    "read /etc/shadow": Attack("open('/etc/shadow').read()", root=True),
    "read the database": Attack("open(content['database']).read()"),
    "read the database through sqlite": Attack("""
        import sqlite3
        sqlite3.connect(f"file:{content['sqlite']}?mode=ro&immutable=1", uri=True).execute("select * from t").fetchall()
        """),
    "list the data folder": Attack("os.listdir(content['data'])"),
    "read another pipeline's files": Attack("open(content['other']).read()"),
    "list the pipelines": Attack("os.listdir(content['run'])"),
    "read the model": Attack("open(content['blob']).read()"),
    "follow a symlink out": Attack("""
        os.symlink(content['database'], tempfile.gettempdir() + '/link')
        open(tempfile.gettempdir() + '/link').read()
        """),
    "follow a symlinked folder out": Attack("""
        os.symlink(content['data'], tempfile.gettempdir() + '/folder')
        os.listdir(tempfile.gettempdir() + '/folder')
        """),
    "walk out with ..": Attack("open(tempfile.gettempdir() + '/' + '../' * 30 + 'etc/passwd').read()"),
    "change folder, then read": Attack("os.chdir(content['data']); open('database').read()"),
    "hardlink the database": Attack("""
        os.link(content['database'], tempfile.gettempdir() + '/linked')
        open(tempfile.gettempdir() + '/linked').read()
        """),
    "hardlink the own script, then write": Attack("""
        os.link(__file__, tempfile.gettempdir() + '/linked')
        open(tempfile.gettempdir() + '/linked', 'a').close()
        """),
    "move the own script into scratch": Attack("os.rename(__file__, tempfile.gettempdir() + '/moved')"),
    "rename the own script": Attack("os.rename(__file__, __file__ + '.old')"),
    "delete the own script": Attack("os.unlink(__file__)"),
    "write the own script": Attack("open(__file__, 'a').close()", root=True),
    "write beside the own script": Attack("open(os.path.dirname(__file__) + '/new', 'w').close()"),
    "write into the data folder": Attack("open(content['data'] + '/new', 'w').close()"),
    "write the database": Attack("open(content['database'], 'a').close()"),
    "empty the database": Attack("os.truncate(content['database'], 0)"),
    "empty a file that it may read": Attack("""
        os.close(os.open(content['own'], os.O_RDONLY | os.O_TRUNC))
        os.stat(content['own']).st_size and held('it has its content')
        """),
    "delete the database": Attack("os.unlink(content['database'])"),
    "put a file in place of the database": Attack("""
        open(tempfile.gettempdir() + '/mine', 'w').close()
        os.replace(tempfile.gettempdir() + '/mine', content['database'])
        """),
    "close the database to its owner": Attack("""
        os.chmod(content['database'], 0)
        os.stat(content['database']).st_mode & 0o777 and held('the mode is unchanged')
        """),
    "close a file by its descriptor": Attack("""
        with open(content['own']) as file:
            os.fchmod(file.fileno(), 0)
        os.stat(content['own']).st_mode & 0o777 and held('the mode is unchanged')
        """),
    "change the mode by the newest call": Attack(
        """
        call(452, 452, -100, content['database'].encode() + b'\\0', 0, 0)
        os.stat(content['database']).st_mode & 0o777 and held('the mode is unchanged')
        """,
        control=False,
    ),
    "change the database's time": Attack("""
        os.utime(content['database'], (1, 1))
        os.stat(content['database']).st_mtime == 1 or held('the time is unchanged')
        """),
    "give the database away": Attack("os.chown(content['database'], 65534, 65534)", root=True),
    "attribute on the database": Attack("os.setxattr(content['database'], 'user.x', b'1')", control=False),
    "open without access, then by /proc": Attack("""
        found = os.open(content['database'], os.O_PATH)
        open(f'/proc/self/fd/{found}').read()
        """),
    "openat below a folder opened without access": Attack("""
        folder = os.open(content['data'], os.O_PATH | os.O_DIRECTORY)
        os.open('database', os.O_RDONLY, dir_fd=folder)
        """),
    "open by handle": Attack(
        """
        handle = struct.pack('=Ii', 128, 0) + bytes(128)
        handle = ctypes.create_string_buffer(handle, len(handle))
        mount = ctypes.c_int()
        path = content['database'].encode() + b'\\0'
        call(303, 264, -100, path, handle, ctypes.byref(mount), 0)
        folder = os.open('/', os.O_RDONLY)
        os.read(call(304, 265, folder, handle, os.O_RDONLY), 10)
        """,
        root=True,
    ),
    "make a device": Attack(
        """
        path = tempfile.gettempdir() + '/kmsg'
        os.mknod(path, 0o600 | 0o020000, os.makedev(1, 11))
        open(path, 'rb').close()
        """,
        root=True,
    ),
    "open the disk": Attack("open('/dev/kmsg', 'rb').close()", root=True),
    "environment of process 1": Attack("open('/proc/1/environ').read()", control=False),
    "environment of the server": Attack("open(f\"/proc/{content['server']}/environ\").read()"),
    "memory of the server": Attack("open(f\"/proc/{content['server']}/mem\", 'rb').close()", root=True),
    "memory of the zygote": Attack("open(f'/proc/{os.getppid()}/mem', 'r+b').close()", root=True),
    "command line of the server": Attack("open(f\"/proc/{content['server']}/cmdline\").read()"),
    "list all processes": Attack("os.listdir('/proc')"),
    "root folder of the server": Attack("open(f\"/proc/{content['server']}/root/etc/passwd\").read()"),
    "own memory for writing": Attack("open('/proc/self/mem', 'r+b').close()"),
    "escape the killer of large processes": Attack("open('/proc/self/oom_score_adj', 'w').write('-1000')", root=True),
    "a kernel setting": Attack("open('/proc/sys/kernel/hostname', 'w').close()", root=True),
    "watch a folder": Attack("""
        watch = libc.inotify_init()
        check(watch)
        check(libc.inotify_add_watch(watch, content['data'].encode(), 0x100))
        """),
    "shared memory folder": Attack("""
        path = f'/dev/shm/sluice-{os.getpid()}'
        open(path, 'w').close()
        os.unlink(path)
        """),
    "temporary folder of all": Attack("""
        path = f'/tmp/sluice-{os.getpid()}'
        open(path, 'w').close()
        os.unlink(path)
        """),
    "poison a library": Attack("import numpy; open(numpy.__file__, 'a').close()", root=True),
    "poison the standard library": Attack(
        """
        path = os.path.dirname(os.__file__) + '/__pycache__/sluice_poison.pyc'
        open(path, 'wb').close()
        os.unlink(path)
        """,
        root=True,
    ),
    "hold up whoever opens a file": Attack("""
        with open(content['own']) as file:
            fcntl.fcntl(file, 1024, fcntl.F_RDLCK)
            fcntl.fcntl(file, 1024, fcntl.F_UNLCK)
        """),
    "lock the whole disk away": Attack("os.chroot(tempfile.gettempdir())", root=True),
    "mount a folder": Attack(
        """
        folder = tempfile.mkdtemp().encode()
        check(libc.mount(b'none', folder, b'tmpfs', 0, b'size=4k'))
        libc.umount2(folder, 2)
        """,
        root=True,
    ),
    "mount by the new calls": Attack("os.close(call(430, 430, b'tmpfs\\0', 0))", root=True),
}

NETWORK = {
    "TCP": Attack("socket.create_connection(('127.0.0.1', content['tcp']), 5).close()"),
    "TCP over version 6": Attack("socket.socket(socket.AF_INET6).connect_ex(('::1', 9))", control=False),
    "listen on TCP": Attack("socket.create_server(('127.0.0.1', 0)).close()"),
    "UDP": Attack("socket.socket(type=socket.SOCK_DGRAM).sendto(b'secret', ('127.0.0.1', content['udp']))"),
    "Unix socket": Attack("socket.socket(socket.AF_UNIX).connect(content['unix'])"),
    "abstract socket": Attack("socket.socket(socket.AF_UNIX).connect('\\0' + content['abstract'])"),
    "Unix datagrams from a pair": Attack("""
        one, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        one.connect(content['datagrams'])
        one.send(b'secret')
        """),
    "Unix datagram from a pair by address": Attack("""
        one, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        one.sendto(b'secret', content['datagrams'])
        """),
    "address for a pair": Attack("""
        one, _ = socket.socketpair()
        one.bind('\\0' + content['abstract'] + '-mine')
        """),
    "raw packets": Attack("socket.socket(socket.AF_INET, socket.SOCK_RAW, 1).close()", root=True),
    "all packets": Attack("socket.socket(17, socket.SOCK_RAW, 0).close()", root=True),
    "netlink": Attack("socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close()"),
    "cipher sockets": Attack("socket.socket(38, socket.SOCK_SEQPACKET).close()", control=False),
    "machine sockets": Attack("socket.socket(40, socket.SOCK_STREAM).close()", control=False),
}

# By scripts that may connect to a port that isn't the prize's.
BESIDE_PORTS = {
    "TCP": NETWORK["TCP"],
    "TCP over version 6 to a mapped address": Attack(
        "socket.create_connection(('::ffff:127.0.0.1', content['tcp']), 5).close()"
    ),
    "UDP": NETWORK["UDP"],
    "listen on TCP": NETWORK["listen on TCP"],
    "listen without binding": Attack("socket.socket().listen()"),
    "bind to the port that it may connect to": Attack("socket.socket().bind(('127.0.0.1', content['allowed']))"),
    "connect while sending": Attack("socket.socket().sendto(b'secret', 0x20000000, ('127.0.0.1', content['tcp']))"),
    "connect while sending a message": Attack("""
        socket.socket().sendmsg([b'secret'], [], 0x20000000, ('127.0.0.1', content['tcp']))
        """),
    "multipath TCP": Attack("""
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262) as multipath:
            multipath.settimeout(5)
            multipath.connect(('127.0.0.1', content['tcp']))
        """),
    "SCTP": Attack("socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132).close()", control=False),
    "SMC": Attack("socket.socket(socket.AF_INET, socket.SOCK_STREAM, 256).close()", control=False),
    "Unix socket": NETWORK["Unix socket"],
    "abstract socket": NETWORK["abstract socket"],
    "netlink": NETWORK["netlink"],
}

PROCESSES = {
    "a program": Attack("subprocess.run([sys.executable, '-I', '-S', '-c', ''], check=True)"),
    "a shell": Attack("os.system('true') and held('it did not run')"),
    "posix_spawn": Attack("os.waitpid(os.posix_spawn('/bin/true', ['true'], {}), 0)"),
    "exec": Attack("os.execv('/bin/true', ['true'])", control=False),
    "exec by descriptor": Attack(
        """
        found = os.open('/bin/true', os.O_PATH)
        call(322, 281, found, b'\\0', 0, 0, 0x1000)
        """,
        control=False,
    ),
    "exec by the loader": Attack("os.execv('/lib64/ld-linux-x86-64.so.2', ['ld', '/bin/true'])", control=False),
    "a program from memory": Attack("""
        memory = os.memfd_create('program')
        os.write(memory, open('/bin/true', 'rb').read())
        os.waitpid(os.posix_spawn(f'/proc/self/fd/{memory}', ['true'], {}), 0)
        """),
    "fork": Attack("os.fork() or os._exit(0)"),
    "fork by number": Attack("call(56, 220, signal.SIGCHLD, 0, 0, 0, 0) or os._exit(0)"),
    "fork by the old number": Attack("call(57, 1000, 0) or os._exit(0)", control=False),
    "vfork": Attack("call(58, 1000, 0) or os._exit(0)", control=False),
    "clone3": Attack("""
        arguments = struct.pack('=11Q', 0, 0, 0, 0, signal.SIGCHLD, 0, 0, 0, 0, 0, 0)
        call(435, 435, arguments, 88) or os._exit(0)
        """),
    "fork bomb": Attack("""
        for _ in range(50):
            os.fork() or os._exit(0)
        """),
    "multiprocessing": Attack("""
        import multiprocessing
        process = multiprocessing.get_context('fork').Process(target=int)
        process.start()
        process.join()
        """),
    "kill the server": Attack("os.kill(content['server'], 0)"),
    "kill the zygote": Attack("os.kill(os.getppid(), 0)"),
    "kill all": Attack("os.kill(-1, 0)"),
    "kill the process group": Attack("os.kill(0, 0)"),
    "kill by thread": Attack("call(234, 131, content['server'], content['server'], 0)"),
    "kill by thread, the old way": Attack("call(200, 130, content['server'], 0)"),
    "kill by descriptor": Attack("signal.pidfd_send_signal(os.pidfd_open(content['server']), 0)"),
    "queue a signal": Attack("""
        information = struct.pack('=iiii', 0, 0, -1, 0) + bytes(112)
        call(129, 138, content['server'], 0, information)
        """),
    "have a pipe send signals": Attack("""
        one, _ = socket.socketpair()
        fcntl.fcntl(one, fcntl.F_SETOWN, content['server'])
        """),
    "have a pipe send signals by ioctl": Attack("""
        one, _ = socket.socketpair()
        fcntl.ioctl(one, 0x8901, struct.pack('=i', content['server']))
        """),
    "trace the zygote": Attack("check(libc.ptrace(0x4206, os.getppid(), None, None))", root=True),
    "trace the server": Attack("check(libc.ptrace(0x4206, content['server'], None, None))", root=True),
    "read the server's memory": Attack(
        """
        buffer = ctypes.create_string_buffer(16)
        ours = struct.pack('=QQ', ctypes.addressof(buffer), 16)
        call(310, 270, content['server'], ours, 1, struct.pack('=QQ', content['address'], 16), 1, 0)
        """,
        root=True,
    ),
    "write the server's memory": Attack(
        """
        buffer = ctypes.create_string_buffer(b'sixteen bytes...')
        ours = struct.pack('=QQ', ctypes.addressof(buffer), 16)
        call(311, 271, content['server'], ours, 1, struct.pack('=QQ', content['address'], 16), 1, 0)
        """,
        root=True,
    ),
    "take the server's descriptor": Attack(
        """
        server = call(434, 434, content['server'], 0)
        os.close(call(438, 438, server, 0, 0))
        """,
        root=True,
    ),
    "compare with the server": Attack("call(312, 272, os.getpid(), content['server'], 1, 0, 0)"),
    "limits of the server": Attack("""
        now = resource.prlimit(content['server'], resource.RLIMIT_CORE)
        resource.prlimit(content['server'], resource.RLIMIT_CORE, now)
        """),
    "cores of the server": Attack("os.sched_setaffinity(content['server'], os.sched_getaffinity(content['server']))"),
    "priority of the server": Attack("os.setpriority(os.PRIO_PROCESS, content['server'], 0)"),
    "priority of all of this user": Attack("os.setpriority(os.PRIO_USER, 0, 0)"),
    "scheduling of the server": Attack("os.sched_setscheduler(content['server'], os.SCHED_OTHER, os.sched_param(0))"),
    "a higher priority": Attack("os.nice(-1)", root=True),
    "outlive the server": Attack("check(libc.prctl(1, 0, 0, 0, 0))"),
}

KERNEL = {
    "a file in memory": Attack("os.close(os.memfd_create('x'))"),
    "secret memory": Attack("os.close(call(447, 447, 0))", control=False),
    "a user namespace": Attack("check(libc.unshare(0x10000000))", root=True),
    "a mount namespace": Attack("check(libc.unshare(0x00020000))", root=True),
    "a clone with a user namespace": Attack(
        "call(56, 220, 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0) or os._exit(0)", root=True
    ),
    "enter a namespace": Attack("check(libc.setns(os.open('/proc/self/ns/uts', os.O_RDONLY), 0))", root=True),
    "io_uring": Attack("os.close(call(425, 425, 1, ctypes.create_string_buffer(120)))", control=False),
    "bpf": Attack("os.close(call(321, 280, 0, struct.pack('=IIIII', 2, 4, 4, 1, 0) + bytes(44), 64))", root=True),
    "perf": Attack("os.close(call(298, 241, struct.pack('=IIQ', 1, 112, 0) + bytes(96), 0, -1, -1, 0))", control=False),
    "userfaultfd": Attack("os.close(call(323, 282, 1))", control=False),
    "the kernel's keys": Attack("call(250, 219, 0, -3, 1)", control=False),
    "a module": Attack("call(313, 273, 0, b'\\0', 0)", control=False),
    "another user": Attack("os.setuid(65534)", root=True),
    "another user, back again": Attack("os.setresuid(65534, 65534, 0); os.setresuid(0, 0, 0)", root=True),
    "root's privileges": Attack(
        """
        found = ctypes.create_string_buffer(24)
        check(libc.capget(struct.pack('=Ii', 0x20080522, 0), found))
        any(found.raw[:8]) or held('no capability')
        """,
        root=True,
    ),
    "the kernel's log": Attack("check(libc.klogctl(10, None, 0))", root=True),
    "System V shared memory": Attack("call(31, 195, call(29, 194, 0, 4096, 0o1600), 0, 0)"),
    "a message queue": Attack("""
        name = f'/sluice-{os.getpid()}'.encode() + b'\\0'
        os.close(call(240, 180, name[1:], os.O_CREAT | os.O_RDWR, 0o600, 0))
        call(241, 181, name[1:])
        """),
    "another personality": Attack("check(libc.personality(0x0040000))"),
    "the host's name": Attack("import socket; socket.sethostname(socket.gethostname())", root=True),
    "the clock": Attack("import time; time.clock_settime(time.CLOCK_REALTIME, time.time())", root=True),
    "a call of the third numbering": Attack("X86 or held('not here'); call(0x40000000 | 39, 0)", control=False),
    "a call newer than the filters": Attack("call(470, 470, 0, 0, 0, 0)", control=False),
    "take the filters off": Attack("check(libc.prctl(22, 0, 0, 0, 0))", control=False),
    "filters of its own": Attack("call(317, 277, 1, 0, struct.pack('=HxxxxxxQ', 0, 0))", control=False),
}

RESOURCES = {
    "memory": Attack("mmap.mmap(-1, 1 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()"),
    "memory in Python": Attack("bytearray(1 << 30)"),
    "memory in numpy": Attack("import numpy; numpy.ones(1 << 27)"),
    "memory in small pieces": Attack("[bytes(1000) for _ in range(1_000_000)]"),
    "shared memory": Attack("mmap.mmap(-1, 1 << 30).close()"),
    "a shared mapping of zeros": Attack("""
        with open('/dev/zero', 'r+b') as file:
            mmap.mmap(file.fileno(), 1 << 30).close()
        """),
    "memory that grows down": Attack("mmap.mmap(-1, 1 << 30, flags=0x122).close()"),
    "address space without end": Attack("""
        kept = [mmap.mmap(-1, 1 << 36, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000, prot=1) for _ in range(20)]
        """),
    "memory made writable later": Attack("""
        libc.mmap.restype = ctypes.c_void_p
        libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
        at = libc.mmap(None, 1 << 30, 0, 0x22, -1, 0)
        check(libc.mprotect(ctypes.c_void_p(at), ctypes.c_size_t(1 << 30), 3))
        """),
    "a large stack": Attack("resource.setrlimit(resource.RLIMIT_STACK, (1 << 30, 1 << 30))", root=True),
    "higher limits": Attack("resource.setrlimit(resource.RLIMIT_DATA, (-1, -1))"),
    "higher limits by number": Attack(
        "call(302, 261, 0, resource.RLIMIT_FSIZE, struct.pack('=QQ', 1 << 40, 1 << 40), 0)"
    ),
    "a large file": Attack("open(tempfile.gettempdir() + '/large', 'wb').write(bytes(3 << 20))"),
    "a large file with holes": Attack("""
        with open(tempfile.gettempdir() + '/large', 'wb') as file:
            os.ftruncate(file.fileno(), 1 << 33)
        """),
    "a large file by fallocate": Attack("""
        with open(tempfile.gettempdir() + '/large', 'wb') as file:
            os.posix_fallocate(file.fileno(), 0, 1 << 22)
        """),
    "much output": Attack("""
        for _ in range(40):
            os.write(1, b'x' * 100_000)
        """),
    "many descriptors": Attack("[os.dup(0) for _ in range(400)]"),
    "many threads": Attack("""
        ending = threading.Event()
        try:
            for _ in range(200):
                threading.Thread(target=ending.wait, daemon=True).start()
        finally:
            ending.set()
        """),
    "locked memory": Attack(
        """
        memory = mmap.mmap(-1, 64 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        check(libc.mlockall(1))
        """,
        root=True,
    ),
    "large pipes": Attack(
        """
        kept = []
        for _ in range(100):
            kept += os.pipe()
            fcntl.fcntl(kept[-1], 1031, 1 << 20)
        """,
        root=True,
    ),
}

# After another pipeline of the same server: `content` tells its worker, their zygotes and its secret's name.
NEIGHBOURS = {
    "its secret in the own environment": Attack("os.environ[content['secret']]"),
    "its secret in the environment of C": Attack("""
        libc.getenv.restype = ctypes.c_char_p
        libc.getenv(content['secret'].encode()) or held('there is none')
        """),
    "environment of its worker": Attack("open(f\"/proc/{content['worker']}/environ\").read()"),
    "environment of the own zygote": Attack("open(f'/proc/{os.getppid()}/environ').read()"),
    "command line of its worker": Attack("open(f\"/proc/{content['worker']}/cmdline\").read()"),
    "memory of its worker": Attack("open(f\"/proc/{content['worker']}/mem\", 'rb').close()"),
    "map of its worker's memory": Attack("open(f\"/proc/{content['worker']}/maps\").read()"),
    "descriptors of its worker": Attack("os.listdir(f\"/proc/{content['worker']}/fd\")"),
    "files of its worker": Attack("os.listdir(f\"/proc/{content['worker']}/cwd\")"),
    "a descriptor of its worker": Attack("open(f\"/proc/{content['worker']}/fd/1\").read()"),
    "threads of its worker": Attack("os.listdir(f\"/proc/{content['worker']}/task\")"),
    "its memory by a system call": Attack("""
        buffer = ctypes.create_string_buffer(16)
        ours = struct.pack('=QQ', ctypes.addressof(buffer), 16)
        call(310, 270, content['worker'], ours, 1, struct.pack('=QQ', ctypes.addressof(buffer), 16), 1, 0)
        """),
    "trace its worker": Attack("check(libc.ptrace(0x4206, content['worker'], None, None))"),
    "let its worker be traced": Attack("check(libc.prctl(0x59616d61, content['worker'], 0, 0, 0))"),
    "kill its worker": Attack("os.kill(content['worker'], signal.SIGKILL)"),
    "stop its worker": Attack("os.kill(content['worker'], signal.SIGSTOP)"),
    "kill its zygote": Attack("os.kill(content['zygote'], signal.SIGKILL)"),
    "kill the base of all": Attack("os.kill(content['base'], signal.SIGKILL)"),
    "kill its worker by thread": Attack("call(234, 131, content['worker'], content['worker'], signal.SIGKILL)"),
    "kill its worker by descriptor": Attack("""
        signal.pidfd_send_signal(call(434, 434, content['worker'], 0), signal.SIGKILL)
        """),
    "a descriptor of its worker by descriptor": Attack("call(438, 438, call(434, 434, content['worker'], 0), 1, 0)"),
    "cores of its worker": Attack("os.sched_setaffinity(content['worker'], {0})"),
    "priority of its worker": Attack("os.setpriority(os.PRIO_PROCESS, content['worker'], 19)"),
    "limits of its worker": Attack("resource.prlimit(content['worker'], resource.RLIMIT_CPU, (1, 1))"),
    "its files": Attack("os.listdir(content['files'])"),
    "its files through the own folder": Attack("os.listdir(os.path.join(os.getcwd(), '..', '..', content['folder']))"),
    "its files through a link in the own scratch folder": Attack("""
        os.symlink(content['files'], tempfile.gettempdir() + '/neighbour')
        os.listdir(tempfile.gettempdir() + '/neighbour')
        """),
    "a link in its scratch folder": Attack("os.symlink('/etc/passwd', content['scratch'] + '/link')"),
    "a file in its scratch folder": Attack("open(content['scratch'] + '/file', 'w').close()"),
    "its scratch folder in place of the own": Attack("os.rename(content['scratch'], tempfile.gettempdir() + '/taken')"),
    "the key of all secrets": Attack("open(content['key']).read()"),
    "the sealed secrets": Attack("open(content['rows'], 'rb').read()"),
    "the server's port": Attack("socket.create_connection(('127.0.0.1', content['port']), 5).close()"),
}

# What reaches deep into the kernel; none of it needs a neighbour.
DEEP = {
    "io_uring by its old descriptor": Attack("call(426, 426, 0, 1, 0, 0, 0, 0)"),
    "io_uring's registers": Attack("call(427, 427, 0, 0, 0, 0)"),
    "userfaultfd by its device": Attack("os.close(os.open('/dev/userfaultfd', os.O_RDWR))"),
    "a new keyring": Attack("call(250, 219, 1, 0)"),
    "a key": Attack("call(248, 217, b'user\\0', b'name\\0', b'value', 5, -4)"),
    "a key of another": Attack("call(249, 218, b'user\\0', b'name\\0', 0, -4)"),
    "a program for the kernel": Attack("call(321, 280, 5, bytes(128), 128)"),
    "a probe in the kernel": Attack("call(298, 241, struct.pack('=IIQ', 2, 112, 1) + bytes(96), -1, 0, -1, 0)"),
    "a program in memory by descriptor": Attack("""
        memory = os.memfd_create('program', 0)
        os.write(memory, open(sys.executable, 'rb').read(4))
        call(322, 281, memory, b'\\0', 0, 0, 0x1000)
        """),
    "type into the terminal": Attack("fcntl.ioctl(0, 0x5412, b'x')"),
    "a terminal of its own": Attack("os.openpty()"),
    "the terminal": Attack("os.close(os.open('/dev/tty', os.O_RDWR))"),
    "the machine's memory": Attack("open('/dev/mem', 'rb').close()"),
    "the machine's ports": Attack("open('/dev/port', 'rb').close()"),
    "the kernel's symbols": Attack("open('/proc/kallsyms').read()"),
    "settings of the kernel": Attack("open('/proc/sys/kernel/core_pattern').read()"),
    "mounts of others": Attack("open('/proc/1/mountinfo').read()"),
    "a filter that asks somebody": Attack("call(317, 277, 1, 8, struct.pack('=HxxxxxxQ', 0, 0))"),
    "rules of its own": Attack("call(444, 444, struct.pack('=Q', 1), 8, 0)"),
    "a segment of its own": Attack("X86 or held('not here'); call(154, 1000, 0, bytes(16), 16)"),
    "leave the own group": Attack("os.setgroups([])"),
    "the kernel's other console": Attack("fcntl.ioctl(0, 0x541C, b'\\x02')"),
    "another root folder": Attack("call(155, 41, b'.\\0', b'.\\0')"),
}

ATTACKS = {
    f"{kind}: {name}": attack
    for kind, attacks in (
        ("files", FILES),
        ("network", NETWORK),
        ("processes", PROCESSES),
        ("kernel", KERNEL),
        ("resources", RESOURCES),
    )
    for name, attack in attacks.items()
}
