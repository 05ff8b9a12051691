"""Ollama's names and its store: what is read of a model, and what a store that someone else filled cannot do."""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from licet.errors import DocumentError, UsageError
from licet.resolution.ollama_files import OllamaConfig, OllamaManifest, OllamaName, OllamaStore, parse_ollama

HOST = parse_ollama("x").host
MEDIA = "application/vnd.ollama.image."
CONFIG = {"model_format": "gguf", "model_family": "llama", "model_families": ["llama"], "model_type": "8.0B", "file_type": "Q4_0", "rootfs": {"type": "layers"}}
Put = Callable[..., Path]


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def layer(kind: str, content: bytes, **more: object) -> dict[str, object]:
    return {"mediaType": MEDIA + kind, "digest": digest_of(content), "size": len(content), **more}


@pytest.fixture
def store(tmp_path: Path) -> OllamaStore:
    return OllamaStore(tmp_path / "models")


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Writes a manifest and the contents beside it, as Ollama does."""

    def write(manifest: object, *contents: bytes, place: str = f"{HOST}/library/acme/latest") -> Path:
        blobs = tmp_path / "models" / "blobs"
        blobs.mkdir(parents=True, exist_ok=True)
        for content in contents:
            (blobs / digest_of(content).replace(":", "-")).write_bytes(content)
        path = tmp_path / "models" / "manifests" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode())
        return path

    return write


def manifest_of(store: OllamaStore, name: str = "acme") -> OllamaManifest:
    manifest = store.manifest(parse_ollama(name))
    assert manifest is not None
    return manifest


# -- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("llama3.1", (HOST, "library", "llama3.1", "latest")),
        ("llama3.1:8b", (HOST, "library", "llama3.1", "8b")),
        ("llama3.1:8b-instruct-q4_K_M", (HOST, "library", "llama3.1", "8b-instruct-q4_K_M")),
        ("user/model:tag", (HOST, "user", "model", "tag")),
        ("hf.co/org/Repo-GGUF:Q4_K_M", ("hf.co", "org", "Repo-GGUF", "Q4_K_M")),
        ("hf.co/org/repo", ("hf.co", "org", "repo", "latest")),
        ("registry.example/ns/model:tag", ("registry.example", "ns", "model", "tag")),
        ("registry.example:5000/ns/model", ("registry.example:5000", "ns", "model", "latest")),
        ("https://registry.example/ns/model:tag", ("registry.example", "ns", "model", "tag")),
        ("  acme\n", (HOST, "library", "acme", "latest")),
        ("_a/_b:_c", (HOST, "_a", "_b", "_c")),
    ],
)
def test_names_are_read_as_ollama_reads_them(name: str, parts: tuple[str, str, str, str]) -> None:
    read = parse_ollama(name)
    assert (read.host, read.namespace, read.model, read.tag) == parts
    assert parse_ollama(str(read)) == read


@pytest.mark.parametrize(
    "name",
    ["", " ", ":", ":tag", "model:", "/model", "user/", "a//b", "a/b/c/d", "..", "../x", "a/..", "../../etc/passwd", "x:..", "x:../y", "user.name/model", "a:b:c",
     "-model", ".model", "mo del", "a\0b", "mödel", "a\\b", "x" * 81, f"x:{'y' * 81}", f"{'h' * 351}/n/m", "x" * 10_000_000, "model@sha256:00", "\x1b[2J"],
)  # fmt: skip
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="is not the name of an Ollama model") as caught:
        parse_ollama(name)
    assert "\x1b" not in str(caught.value) and len(caught.value.message) < 200


# -- the store ----------------------------------------------------------------------------------------------------


def test_a_model_with_its_license_texts_its_configuration_and_its_weights(store: OllamaStore, put: Put) -> None:
    config, weights, terms, policy = json.dumps(CONFIG).encode(), b"GGUF weights", b"The terms.\n", "Die Politik: übel\n".encode()
    layers = [
        layer("model", weights),
        layer("template", b"{{ .Prompt }}"),
        layer("license", terms),
        layer("params", b"{}"),
        layer("license", policy),
        layer("license", terms),
    ]
    put({"schemaVersion": 2, "config": layer("config", config), "layers": layers}, config, weights, terms, policy)
    manifest = manifest_of(store)
    assert manifest.file == f"manifests/{HOST}/library/acme/latest"
    assert manifest.licenses() == ((digest_of(terms), "The terms.\n"), (digest_of(policy), "Die Politik: übel\n"))
    assert manifest.config() == OllamaConfig(model_format="gguf", model_family="llama", model_families=("llama",), model_type="8.0B", file_type="Q4_0")
    path = manifest.model_file()
    assert path is not None and path.read_bytes() == weights
    assert [item.media_type.removeprefix(MEDIA) for item in manifest.layers] == ["model", "template", "license", "params", "license", "license"]


def test_what_a_model_was_made_from_is_kept(store: OllamaStore, put: Put) -> None:
    put({"layers": [layer("model", b"w", **{"from": "llama3.1:8b"}), layer("adapter", b"a")]}, b"w")
    assert [item.origin for item in manifest_of(store).layers] == ["llama3.1:8b", ""]


@pytest.mark.parametrize("manifest", [{}, {"layers": None}, {"layers": [], "config": {"digest": ""}}])
def test_a_model_that_has_nothing_of_it(store: OllamaStore, put: Put, manifest: object) -> None:
    put(manifest)
    read = manifest_of(store)
    assert (read.licenses(), read.config(), read.model_file()) == ((), OllamaConfig(), None)


def test_a_model_that_runs_elsewhere(store: OllamaStore, put: Put) -> None:
    config = json.dumps({"remote_host": "https://registry.example", "remote_model": "acme", "model_families": None}).encode()
    put({"config": layer("config", config), "layers": []}, config)
    assert manifest_of(store).config() == OllamaConfig(remote_host="https://registry.example", remote_model="acme")


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (f"{HOST}/user/model/tag", "user/model:tag"),
        ("hf.co/Org/Repo-GGUF/Q4_K_M", "hf.co/Org/Repo-GGUF:Q4_K_M"),
        ("hf.co/Org/Repo-GGUF/Q4_K_M", "HF.co/org/repo-gguf:q4_k_m"),
        ("registry.example:5000/ns/model/latest", "registry.example:5000/ns/model"),
    ],
)
def test_models_are_found_by_their_name_in_any_case(store: OllamaStore, put: Put, place: str, name: str) -> None:
    put({"layers": []}, place=place)
    assert manifest_of(store, name).file == f"manifests/{place}"


def test_a_model_that_is_not_here_is_not_known(store: OllamaStore, put: Put, tmp_path: Path) -> None:
    put({"layers": []})
    assert store.manifest(parse_ollama("acme:8b")) is None
    assert store.manifest(parse_ollama("user/acme")) is None
    assert OllamaStore(tmp_path / "nowhere").manifest(parse_ollama("acme")) is None
    (tmp_path / "models" / "manifests" / HOST / "library" / "folder" / "latest").mkdir(parents=True)
    assert store.manifest(parse_ollama("folder")) is None


def test_a_store_behind_a_link_of_the_user(tmp_path: Path, put: Put) -> None:
    put({"layers": [layer("license", b"x")]}, b"x")
    (tmp_path / "disk").symlink_to(tmp_path / "models")
    assert manifest_of(OllamaStore(tmp_path / "disk")).licenses() == ((digest_of(b"x"), "x"),)


def test_a_text_that_is_no_utf8_is_replaced(store: OllamaStore, put: Put) -> None:
    put({"layers": [layer("license", b"\xef\xbb\xbfa\xffb")]}, b"\xef\xbb\xbfa\xffb")
    assert manifest_of(store).licenses()[0][1] == "a\ufffdb"


# -- what is hostile ----------------------------------------------------------------------------------------------


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(DocumentError) as caught:
        act()
    assert caught.value.location is not None and caught.value.location.file.startswith(f"manifests/{HOST}/library/acme/latest")
    assert "\x1b" not in str(caught.value) and len(str(caught.value)) < 500
    return caught.value.message


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (b"", "not as Ollama writes it"),
        (b"[]", "not as Ollama writes it"),
        (b'{"layers": {}}', "not as Ollama writes it"),
        (b'{"layers": [{"digest": 1}]}', "not as Ollama writes it"),
        (b'{"layers": [{"digest": "\xff"}]}', "not as Ollama writes it"),
        (b'{"layers": [' * 100_000, "not as Ollama writes it"),
        (b'{"other": ' + b"[" * 1_000_000, "nested too deeply"),
        (b'{"layers": []}' + b" " * (4 * 1024 * 1024), "larger than 4 MB"),
    ],
)
def test_a_manifest_that_is_none(store: OllamaStore, put: Put, manifest: bytes, message: str) -> None:
    put(manifest)
    assert message in refused(lambda: store.manifest(parse_ollama("acme")))


@pytest.mark.parametrize(
    "digest",
    [
        "x",
        "sha256:",
        "sha256:" + "g" * 64,
        "sha256:" + "0" * 65,
        "sha256:../../../../etc/passwd",
        "md5:" + "0" * 64,
        "sha256:" + "0" * 64 + "\n",
        "\x1b[2J" + "0" * 9999,
    ],
)
def test_a_digest_that_is_none(store: OllamaStore, put: Put, digest: str) -> None:
    put({"config": {"digest": digest}, "layers": [{"mediaType": f"{MEDIA}license", "digest": digest}, {"mediaType": f"{MEDIA}model", "digest": digest}]})
    manifest = manifest_of(store)
    for act in (manifest.licenses, manifest.config, manifest.model_file):
        assert "is not a digest" in refused(act)


def test_a_content_that_is_missing_or_was_changed(store: OllamaStore, put: Put, tmp_path: Path) -> None:
    put({"config": layer("config", b"{}"), "layers": [layer("license", b"terms"), layer("model", b"w")]}, b"terms")
    manifest = manifest_of(store)
    assert "is not in the store" in refused(manifest.config)
    assert "is not in the store" in refused(manifest.model_file)
    (tmp_path / "models" / "blobs" / digest_of(b"terms").replace(":", "-")).write_bytes(b"other terms")
    assert "was changed" in refused(manifest.licenses)


def test_contents_that_are_too_large_or_too_many(store: OllamaStore, put: Put) -> None:
    large = b"x" * (1024 * 1024 + 1)
    put({"config": layer("config", large), "layers": [layer("license", large)]}, large)
    manifest = manifest_of(store)
    assert "larger than 1 MB" in refused(manifest.licenses)
    assert "larger than 1 MB" in refused(manifest.config)
    put({"layers": [layer("license", b"%d" % n) for n in range(65)]})
    assert "more than 64 license texts" in refused(manifest_of(store).licenses)


@pytest.mark.parametrize("config", [b"", b"[]", b'{"model_family": 1}', b'{"a":' * 100_000])
def test_a_configuration_that_is_none(store: OllamaStore, put: Put, config: bytes) -> None:
    put({"config": layer("config", config)}, config)
    assert "not as Ollama writes it" in refused(manifest_of(store).config)


def test_links_that_lead_out_of_the_store_are_not_followed(store: OllamaStore, put: Put, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    path = put({"layers": [layer("license", b"secret"), layer("model", b"secret")]})
    (tmp_path / "models" / "blobs" / digest_of(b"secret").replace(":", "-")).symlink_to(secret)
    manifest = manifest_of(store)
    assert "leads out of the store" in refused(manifest.licenses)
    assert "leads out of the store" in refused(manifest.model_file)
    path.unlink()
    path.symlink_to(secret)
    assert "leads out of the store" in refused(lambda: store.manifest(parse_ollama("acme")))


def test_pipes_and_loops_are_no_contents(store: OllamaStore, put: Put, tmp_path: Path) -> None:
    path = put({"layers": [layer("license", b"pipe"), layer("model", b"loop")]})
    blobs = tmp_path / "models" / "blobs"
    os.mkfifo(blobs / digest_of(b"pipe").replace(":", "-"))
    (blobs / digest_of(b"loop").replace(":", "-")).symlink_to(digest_of(b"loop").replace(":", "-"))
    manifest = manifest_of(store)
    assert "is not in the store" in refused(manifest.licenses)
    assert "is not in the store" in refused(manifest.model_file)
    path.unlink()
    os.mkfifo(path)
    assert store.manifest(parse_ollama("acme")) is None


def test_a_name_made_by_hand_stays_in_the_store(store: OllamaStore, tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c").write_text('{"layers": []}')
    (tmp_path / "models" / "manifests").mkdir(parents=True)
    name = OllamaName(host="..", namespace="..", model="a", tag="b/c")
    with pytest.raises(DocumentError, match="leads out of the store"):
        store.manifest(name)
