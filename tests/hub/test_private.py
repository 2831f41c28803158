"""What no released text may hold, and what looks like it and may."""

import pytest

from kodgen.hub.private import Watch

MIXED = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0fG3iJ6"


def kinds(text, **options):
    return [one.kind for one in Watch(**options).look(text)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"hf_{MIXED[:34]}", "Hugging Face token"),
        (f"sk-{MIXED}abcdefghijkl", "OpenAI key"),
        (f"key = 'sk-proj-{MIXED}'", "OpenAI key"),
        (f"sk-ant-api03-{MIXED}", "Anthropic key"),
        (f"ghp_{MIXED}", "GitHub token"),
        (f"github_pat_{MIXED}", "GitHub token"),
        ("AKIA" + "2E0A8F3B244C9986", "AWS access key"),
        (f"AIza{MIXED[:35]}", "Google API key"),
        (f"glpat-{MIXED[:20]}", "GitLab token"),
        ("-----BEGIN RSA PRIVATE KEY-----", "private key"),
        ("-----BEGIN PRIVATE KEY-----", "private key"),
        ("open('/home/maria/data.csv')", "path of a home folder"),
        ("/Users/jkowalski/work", "path of a home folder"),
        (r"C:\Users\Maria\x", "path of a home folder"),
        (r"'C:\\Users\\Maria\\x'", "path of a home folder"),
        ("/root/.cache/pip", "path of a home folder"),
        ("/root/project/run.py", "path of a home folder"),
        ("write to maria.lopez@posteo.de.", "e-mail address"),
        ("silent-cat@proton.me", "e-mail address"),
    ],
)
def test_found(text, kind):
    assert kinds(f"before {text} after") == [kind]
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "hf_token = os.environ['HF_TOKEN']",
        "task-force-one-sk-learn",
        "simplify('/home/user/docs') and '/home//foo/' and '/home/'",
        "/Users/you/file.txt",
        "tree = {'/root': ['/root/a', '/root/b']}",
        "a@b.com, ann@x.org, x@example.com, me@mail.example.org, n@host.test, d@localhost.local",
        "git@github.com:org/name.git",
        "ssh://deploy@build.host.internal/x",
        "scores = query@keys.weights + x@self.w",
        "@pytest.mark.parametrize",
        "class A: pass  # @property",
    ],
)
def test_not_found(text):
    assert kinds(text) == []


def test_a_secret_is_not_repeated():
    (found,) = Watch().look(f"hf_{MIXED}")
    assert found.shown == "hf_aB3..."


def test_paths_of_this_machine_and_domains_known_to_be_invented():
    folders = ["/srv/data/runs/mine", "/", "/tmp"]
    assert kinds("read /srv/data/runs/mine/x.csv", folders=folders) == ["path of this machine"]
    assert kinds("read /srv/data/runs/mine-too/x.csv and /tmp/x", folders=folders) == []
    assert kinds("bob@shop.com", domains=["Shop.com"]) == []
    assert kinds("bob@shop.com") == ["e-mail address"]
