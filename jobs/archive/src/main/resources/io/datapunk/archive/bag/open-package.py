"""Opens this package without the software that made it; README.txt has the use."""
import base64, glob, hashlib, hmac, json, os, subprocess, sys
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

keys, master, out = sys.argv[1], sys.argv[2].split("=", 1), sys.argv[3]

def unwrap(wrapped, key, purpose):
    sealed = base64.b64decode(wrapped)
    return AESGCM(key).decrypt(sealed[:12], sealed[12:], purpose.encode())

def owner_key(segment):
    record = json.load(open(sorted(glob.glob(f"{keys}/{segment['owner']}/{segment['key']}.*.json"))[-1]))
    assert record["master_key"] == master[0], f"this needs the master key {record['master_key']}"
    return unwrap(record["wrapped"], bytes.fromhex(master[1]), master[0])

def plain(segment):
    with open(segment["pack"], "rb") as pack:
        pack.seek(segment["offset"])
        sealed = pack.read(segment["bytes"])
    key = unwrap(segment["wrapped_key"], owner_key(segment), segment["segment"])
    seed = hmac.digest(sealed[1:33], key, "sha256")
    cipher = AESGCM(hmac.digest(seed, segment["segment"].encode() + b"\1", "sha256"))
    blocks, at, last = [], 40, 0
    while not last:
        end = min((len(blocks) + 1) << 20, len(sealed))
        last = int(end == len(sealed))
        nonce = sealed[33:40] + len(blocks).to_bytes(4, "big") + bytes([last])
        blocks.append(cipher.decrypt(nonce, sealed[at:end], None))
        at = end
    return subprocess.run(["zstd", "-dc", "--long=27"], input=b"".join(blocks), stdout=subprocess.PIPE, check=True).stdout

segments = [json.loads(line) for line in open("segments.ndjson")]
opened = {segment["segment"]: plain(segment) for segment in segments}
for index in (segment for segment in segments if segment["kind"] == "INDEX"):
    for line in opened[index["segment"]].splitlines():
        entry = json.loads(line)
        content = b"".join(opened[name][at:at + size] for name, at, size, _ in entry["chunks"])
        assert hashlib.sha256(content).hexdigest() == entry["sha256"], entry["entry"]
        path = os.path.join(out, index["owner"], *entry["entry"].split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "wb").write(content)
        print(entry["entry"], len(content))
