"""What the two filters refuse, and why.

The first binds a zygote or inspector before it imports anything that reads an uploaded file; it may still fork. The
second binds a worker before it runs a script; it may start threads only. Landlock holds files; what it doesn't know of
(modes, owners, times, other processes' settings, datagrams) is held here.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator

from sluice.workers.child.seccomp import DONE, Deny

# Programs, other processes, the file tree, privileges, and the parts of the kernel that most of its holes are in.
_NEVER = """
execve execveat
ptrace process_vm_readv process_vm_writev process_madvise process_mrelease pidfd_getfd pidfd_send_signal kcmp
move_pages migrate_pages
mount umount2 pivot_root chroot move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr unshare setns
statmount listmount
bpf perf_event_open io_uring_setup io_uring_enter io_uring_register userfaultfd
keyctl add_key request_key lsm_get_self_attr lsm_set_self_attr lsm_list_modules
init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff quotactl quotactl_fd
acct settimeofday clock_settime clock_adjtime adjtimex sethostname setdomainname syslog vhangup iopl ioperm modify_ldt
personality lookup_dcookie uselib ustat sysfs
mknod mknodat open_by_handle_at name_to_handle_at memfd_create memfd_secret
fanotify_init fanotify_mark inotify_init inotify_init1 inotify_add_watch
chown fchown lchown fchownat setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr
setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid capset
shmget shmat shmctl semget semop semctl semtimedop msgget msgsnd msgrcv msgctl mq_open mq_unlink
""".split()

# Landlock lets the owner of any file change these, so nobody may. Copying and unpacking set them as a matter of course
# and fail when they can't: so a worker is told that it is done.
_MODES_AND_TIMES = "chmod fchmod fchmodat fchmodat2 utime utimes utimensat futimesat".split()

_NEW_NAMESPACES = 0x7E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
_CLONE_THREAD = 0x00010000

_AF_UNIX, _AF_INET, _AF_INET6 = 1, 2, 10
_SOCK_STREAM = 1
_SOCKET_KIND = 0xF  # the rest are flags
_IPPROTO_TCP = 6
_MSG_FASTOPEN = 0x20000000

_MAP_SHARED_ANONYMOUS = 0x21
_MAP_GROWSDOWN = 0x100

_O_TRUNC = 0o1000
_TRUNCATES_UNWRITTEN = _O_TRUNC | 0o3  # with O_ACCMODE, of which O_RDONLY is 0

_IOCTLS = (
    0x5412,  # TIOCSTI: types into a terminal
    0x541C,  # TIOCLINUX
    0x540E,  # TIOCSCTTY
    0x8901,  # FIOSETOWN: signals to another process
    0x8902,  # SIOCSPGRP
    0x40086602,  # FS_IOC_SETFLAGS: immutable files
    0x401C5820,  # FS_IOC_FSSETXATTR
    0x40806685,  # FS_IOC_ENABLE_VERITY
)
_FCNTLS = (
    8,  # F_SETOWN: signals to another process
    10,  # F_SETSIG
    15,  # F_SETOWN_EX
    1024,  # F_SETLEASE: others wait when they open the file
    1026,  # F_NOTIFY: watches a folder
)
_PRCTLS = (
    2,  # PR_GET_PDEATHSIG; setting it would let a worker outlive its server
    3,  # PR_GET_DUMPABLE
    15,  # PR_SET_NAME
    16,  # PR_GET_NAME
    21,  # PR_GET_SECCOMP
    23,  # PR_CAPBSET_READ
    25,  # PR_GET_TSC
    29,  # PR_SET_TIMERSLACK
    30,  # PR_GET_TIMERSLACK
    39,  # PR_GET_NO_NEW_PRIVS
    42,  # PR_GET_THP_DISABLE
    51,  # PR_SVE_GET_VL
    56,  # PR_GET_TAGGED_ADDR_CTRL
    64,  # PR_SME_GET_VL
    0x53564D41,  # PR_SET_VMA: names for mappings
)


def stage_one(*, network: bool, may_fork: bool, landlock_abi: int) -> Iterator[Deny]:
    """Yield what a zygote or an inspector is refused."""
    for call in (*_NEVER, *_MODES_AND_TIMES):
        yield Deny(call)
    yield Deny("clone3", errno.ENOSYS)  # its flags lie in memory, where a filter can't look; libc falls back to clone
    yield from (Deny("clone", argument=0, mask=1 << bit, only=(1 << bit,)) for bit in _bits(_NEW_NAMESPACES))
    if not may_fork:
        yield from _no_fork()
    if landlock_abi < 3:  # there who may read a file may empty it
        yield Deny("truncate")
        yield Deny("open", argument=1, mask=_TRUNCATES_UNWRITTEN, only=(_O_TRUNC,))
        yield Deny("openat", argument=2, mask=_TRUNCATES_UNWRITTEN, only=(_O_TRUNC,))
        yield Deny("openat2", errno.ENOSYS)
    yield from _sockets(network)


def stage_two(pid: int, *, ports_only: bool = False) -> Iterator[Deny]:
    """Yield what a worker is refused on top.

    Args:
        pid: its process id.
        ports_only: whether it may connect to some TCP ports and nothing else; Landlock knows which.
    """
    yield from _no_fork()
    if ports_only:
        yield from _only_tcp_connections()
    yield from (Deny(call, DONE) for call in _MODES_AND_TIMES)
    # Only itself. (A thread's own id is refused too, where these take one: only settings of scheduling are lost.)
    for call in ("kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"):
        yield Deny(call, argument=0, unless=(pid,))
    for call in ("prlimit64", "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr"):
        yield Deny(call, argument=0, unless=(0, pid))
    for call, of_a_process in (("setpriority", 0), ("ioprio_set", 1)):
        yield Deny(call, argument=0, unless=(of_a_process,))
        yield Deny(call, argument=1, unless=(0, pid))
    for call in ("pidfd_open", "seccomp", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"):
        yield Deny(call)
    yield Deny("prctl", argument=0, unless=_PRCTLS)
    yield Deny("ioctl", argument=1, only=_IOCTLS)
    yield Deny("fcntl", argument=1, only=_FCNTLS)
    # Memory that RLIMIT_DATA doesn't count.
    yield Deny("mmap", argument=3, mask=_MAP_SHARED_ANONYMOUS, only=(_MAP_SHARED_ANONYMOUS,))
    yield Deny("mmap", argument=3, mask=_MAP_GROWSDOWN, only=(_MAP_GROWSDOWN,))


def _no_fork() -> Iterator[Deny]:
    yield Deny("fork")
    yield Deny("vfork")
    yield Deny("clone", argument=0, mask=_CLONE_THREAD, unless=(_CLONE_THREAD,))


def _sockets(network: bool) -> Iterator[Deny]:
    # A pair of datagram sockets could still send to any other Unix socket, a connected stream can't.
    yield Deny("socketpair", argument=0, unless=(_AF_UNIX,))
    yield Deny("socketpair", argument=1, mask=_SOCKET_KIND, unless=(_SOCK_STREAM,))
    if network:
        yield Deny("socket", argument=0, unless=(_AF_INET, _AF_INET6))
    else:
        for call in ("socket", "connect", "bind", "listen", "accept", "accept4"):
            yield Deny(call)


def _only_tcp_connections() -> Iterator[Deny]:
    """Yield what would get past a list of ports, which holds connecting by plain TCP alone."""
    yield Deny("socket", argument=1, mask=_SOCKET_KIND, unless=(_SOCK_STREAM,))
    yield Deny("socket", argument=2, unless=(0, _IPPROTO_TCP))  # MPTCP, SCTP and SMC are streams too
    for call in ("bind", "listen", "accept", "accept4"):
        yield Deny(call)
    # Connects while it sends.
    for call, flags in (("sendto", 3), ("sendmsg", 2), ("sendmmsg", 3)):
        yield Deny(call, argument=flags, mask=_MSG_FASTOPEN, only=(_MSG_FASTOPEN,))


def _bits(mask: int) -> list[int]:
    return [bit for bit in range(mask.bit_length()) if mask >> bit & 1]
