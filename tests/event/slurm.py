#!/usr/bin/env python3
"""scripts/verify-event.slurm: an event in parts as an array job. A cluster of this one machine is started
for it, with a configuration, keys and sockets of its own; no service of the machine is used."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from setting import (BALLOTS_OF_SECONDS, SOURCE, archive, case, command, finish, killing_verifier, make_big,
                     make_event, merge, without_taken)

SCRIPT = os.path.join(SOURCE, "scripts", "verify-event.slurm")
PARTS = 3


def free_ports(n):
    sockets = [socket.socket() for _ in range(n)]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


class Cluster:
    """munged, slurmctld and slurmd in a folder, as whoever runs the test."""

    def __init__(self, folder):
        self.folder, self.processes = folder, []
        os.mkdir(folder, 0o755)
        for name in ("state", "spool", "log", "run"):
            os.mkdir(self.path(name), 0o755)
        with open(os.open(self.path("munge.key"), os.O_WRONLY | os.O_CREAT, 0o400), "wb") as file:
            file.write(os.urandom(1024))
        self.configure()
        self.environment = {"SLURM_CONF": self.path("slurm.conf")}

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def configure(self):
        user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
        host = socket.gethostname().split(".")[0]
        control, node = free_ports(2)
        with open(self.path("slurm.conf"), "w", encoding="utf-8") as file:
            file.write(f"""ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={control}
SlurmdPort={node}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={self.path("run", "munge.socket")}
StateSaveLocation={self.path("state")}
SlurmdSpoolDir={self.path("spool")}
SlurmctldPidFile={self.path("run", "slurmctld.pid")}
SlurmdPidFile={self.path("run", "slurmd.pid")}
SlurmctldLogFile={self.path("log", "slurmctld")}
SlurmdLogFile={self.path("log", "slurmd")}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/builtin
SchedulerParameters=sched_interval=1
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MailProg=/bin/true
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
MinJobAge=3600
SlurmdParameters=config_overrides
NodeName=here NodeAddr=127.0.0.1 NodeHostname={host} CPUs=2 State=UNKNOWN
PartitionName=main Nodes=here Default=YES MaxTime=INFINITE State=UP
""")

    def start(self):
        run, log = self.path("run"), self.path("log")
        self.begin("munged", "--foreground", "--force", "--num-threads=2", f"--key-file={self.path('munge.key')}",
                   f"--socket={run}/munge.socket", f"--pid-file={run}/munged.pid", f"--log-file={log}/munged",
                   f"--seed-file={run}/munged.seed")
        if not self.until(lambda: os.path.exists(f"{run}/munge.socket")):
            return False
        self.begin("slurmctld", "-D", "-f", self.path("slurm.conf"))
        self.begin("slurmd", "-D", "-N", "here", "-f", self.path("slurm.conf"))
        return self.until(lambda: "idle" in self.ask("sinfo", "-h", "-o", "%T"))

    def begin(self, program, *arguments):
        # Debian has them in /usr/sbin, which is not on everybody's path
        found = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
        if not found:
            raise FileNotFoundError(program)
        with open(self.path("log", program + ".out"), "wb") as out:
            self.processes.append(subprocess.Popen([found, *arguments], stdout=out, stderr=out,
                                                   stdin=subprocess.DEVNULL,
                                                   env={**os.environ, **self.environment}))

    def until(self, holds, seconds=120):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if holds():
                return True
            time.sleep(0.25)
        return False

    def ask(self, *arguments, **environment):
        done = command(*arguments, **self.environment, **environment)
        return done.stdout if done.returncode == 0 else ""

    def job(self, task):
        """State of a task and how often it was started again."""
        words = dict(w.split("=", 1) for w in self.ask("scontrol", "show", "job", "-o", task).split() if "=" in w)
        return words.get("JobState", ""), int(words.get("Restarts", 0))

    def ended(self, tasks):
        return all(self.job(t)[0] in ("COMPLETED", "FAILED", "NODE_FAIL", "CANCELLED") for t in tasks)

    def logs(self):
        text = ""
        for name in sorted(os.listdir(self.path("log"))):
            with open(self.path("log", name), encoding="utf-8", errors="replace") as file:
                text += f"--- {name}\n" + file.read()[-2000:] + "\n"
        return text

    def stop(self):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def submit(cluster, event, out, verifier):
    text = cluster.ask("sbatch", "--parsable", f"--array=1-{PARTS}", f"--output={cluster.path('log')}/part-%a",
                       SCRIPT, event, out, PARTS, NEP_VERIFY=verifier)
    return text.strip()


def parts(cluster, scratch):
    event = make_event(os.path.join(scratch, "the event"))
    make_big(os.path.join(event, "big.bel"), BALLOTS_OF_SECONDS)
    _, fresh = archive(event)
    out, mark = os.path.join(scratch, "the reports"), os.path.join(scratch, "mark")
    job = submit(cluster, event, out, killing_verifier(os.path.join(scratch, "verifier"), 1, mark))
    if not case("the array job is taken", job.isdigit(), cluster.logs()):
        return
    tasks = [f"{job}_{part}" for part in range(1, PARTS + 1)]
    case("every task ends", cluster.until(lambda: cluster.ended(tasks), 300), cluster.logs())
    with open(os.path.join(mark, "status"), encoding="ascii") as file:
        case("a part is killed in the middle", file.read() == "137\n")
    case("Slurm says so, and an invalid archive is no failed part",
         [cluster.job(t)[0] for t in tasks] == ["FAILED", "COMPLETED", "COMPLETED"],
         str([cluster.job(t) for t in tasks]) + cluster.logs())
    code, report = merge("--event", event, out)
    case("the others are not joined without it", code == 1 and report["codes"] == ["shard-missing"], str(report))
    # what is started again within the second in which it ended, slurmd takes for the job that was killed
    time.sleep(2)
    command("scontrol", "requeue", tasks[0], **cluster.environment)
    # Slurm waits two minutes before it starts a task again
    command("scontrol", "update", f"JobId={tasks[0]}", "StartTime=now", **cluster.environment)
    case("requeued, it is done", cluster.until(lambda: cluster.job(tasks[0]) == ("COMPLETED", 1), 300),
         str(cluster.job(tasks[0])) + cluster.logs())
    code, report = merge("--event", event, out)
    case("the report is that of one process", code == 1 and without_taken(report) == without_taken(fresh),
         str(report)[:300])
    case("the part went on where it was killed", report["taken_over"]["ballots"] > 0, str(report["taken_over"]))


def refused(scratch):
    """Exit code 2, for 1 is a verdict: nothing is done, and the message says why."""
    out = os.path.join(scratch, "refused")

    def says(what, words, task, *arguments):
        done = command("bash", SCRIPT, *arguments, SLURM_ARRAY_TASK_ID=task)
        case(f"refused: {what}", done.returncode == 2 and all(w in done.stderr for w in words) and
             not os.path.exists(out), f"{done.returncode}\n{done.stderr}")
    says("no arguments", ["EVENT OUT PARTS"], "1")
    says("no number of parts", ["EVENT OUT PARTS"], "1", scratch, out)
    for number in ("0", "x", "100001"):
        says(f"{number} parts", [f"PARTS {number}:", "from 1 to 100000"], "1", scratch, out, number)
    for task in ("", "0", "4"):
        says(f"task '{task}' of 3 parts", ["sbatch --array=1-3"], task, scratch, out, 3)
    for option in ("--shard", "--report=x", "--state", "--jobs", "--repo"):
        says(f"{option}, which the script sets", [f"{option}:", "leave it out"], "1", scratch, out, 3, option, "x")


def main():
    with tempfile.TemporaryDirectory() as scratch:
        os.chmod(scratch, 0o755)
        refused(scratch)
        cluster = Cluster(os.path.join(scratch, "cluster"))
        try:
            if case("a cluster of this machine starts", cluster.start(), cluster.logs()):
                parts(cluster, scratch)
        finally:
            cluster.stop()
    finish()


main()
