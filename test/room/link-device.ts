// Another device of a person, as `link` makes one, with less ado.
import { join } from "node:path";
import { editPerson, findHome, type Home, personKeys } from "@agora/user-config";
import { createSigner } from "@agora/ports";
import { type Certify, keyProofText, readStatement, signStatement } from "@agora/protocol";
import { must, type Place } from "./fixture.ts";

const homeOf = ({ dir }: Place): Home => findHome({ AGORA_HOME: join(dir, "home") });

/** A second device of a person: its own device key, certified by the root, which does not lie there. */
export async function link(from: Place, to: Place, port: number, called = "phone"): Promise<void> {
  const at = { origin: `ws://127.0.0.1:${port}`, room: "lobby" };
  const root = must(await personKeys(homeOf(from), at, "laptop")).root!;
  const { device } = must(await personKeys(homeOf(to), at, called));
  const about = { ...at, act: "certify", by: root.key, iat: Math.floor(Date.now() / 1_000) + 1 } as const;
  const claims: Omit<Certify, "proof"> = { ...about, as: "device", key: device.key, name: called };
  const proof = createSigner(device).sign(keyProofText(claims));
  const { jws } = await signStatement({ ...claims, proof }, createSigner(root));
  const { statements } = must(
    await editPerson(homeOf(from), at, (file) => ({ ...file, statements: [...file.statements, jws] })),
  );
  const ofDevices = statements.filter((one) => {
    const claim = readStatement(one);
    return one !== jws && claim?.act === "certify" && claim.as === "device";
  });
  must(await editPerson(homeOf(to), at, ({ root: _root, ...file }) => ({ ...file, statements: [jws, ...ofDevices] })));
}
