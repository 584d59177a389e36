import { cpSync, mkdirSync, readFileSync, realpathSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { entryFor, scratch, scratchHome, scratchProject } from "../test/scratch.ts";
import { ensureHome } from "./directory.ts";
import { isTooWide } from "./project-bounds.ts";
import { findProject, joinedProject, listProjects, registryPath } from "./registry.ts";
import { editProject, putProject, removeProject } from "./registry-edit.ts";
import { userFolder } from "./user-folder.ts";

describe("finding a project", () => {
  it("is the nearest listed ancestor by real path", async () => {
    const home = scratchHome();
    const path = scratchProject();
    const inner = join(path, "a", "b");
    mkdirSync(inner, { recursive: true });
    await putProject(home, entryFor(path));
    await putProject(home, entryFor(join(path, "a"), { name: "bob" }));
    const link = join(scratch(), "link");
    symlinkSync(inner, link);
    expect(findProject(home, link)).toMatchObject({
      ok: true,
      value: { path: join(path, "a"), project: { name: "bob" } },
    });
    expect(findProject(home, path)).toMatchObject({ ok: true, value: { path, project: { name: "alice" } } });
  });
  it("is the git top level when none is listed, else the directory itself", () => {
    const home = scratchHome();
    const path = scratchProject();
    mkdirSync(join(path, "sub", "deep"), { recursive: true });
    expect(findProject(home, join(path, "sub"))).toEqual({ ok: true, value: { path: join(path, "sub") } });
    writeFileSync(join(path, "sub", ".git"), "gitdir: elsewhere"); // a worktree or submodule
    mkdirSync(join(path, ".git"));
    expect(findProject(home, join(path, "sub", "deep"))).toEqual({ ok: true, value: { path: join(path, "sub") } });
    expect(findProject(home, path)).toEqual({ ok: true, value: { path } });
  });
  it("is not one above the git top level: a repository below a listed folder is its own", async () => {
    const home = scratchHome();
    const path = scratchProject();
    mkdirSync(join(path, "plain"));
    mkdirSync(join(path, "cloned", ".git"), { recursive: true });
    await putProject(home, entryFor(path));
    expect(joinedProject(home, join(path, "plain"))?.name).toBe("alice");
    expect(joinedProject(home, join(path, "cloned"))).toBeUndefined();
    expect(findProject(home, join(path, "cloned"))).toEqual({ ok: true, value: { path: join(path, "cloned") } });
  });
  it("holds its own worktrees and submodules, not another repository's", async () => {
    const home = scratchHome();
    const path = scratchProject();
    for (const [name, git] of [
      ["worktree", join(path, ".git", "worktrees", "worktree")],
      ["submodule", join("..", ".git", "modules", "submodule")],
      ["foreign", "/elsewhere/.git/worktrees/foreign"],
    ] as const) {
      mkdirSync(join(path, name));
      writeFileSync(join(path, name, ".git"), `gitdir: ${git}\n`);
    }
    mkdirSync(join(path, ".git"));
    await putProject(home, entryFor(path));
    expect(joinedProject(home, join(path, "worktree"))?.name).toBe("alice");
    expect(joinedProject(home, join(path, "submodule"))?.name).toBe("alice");
    expect(joinedProject(home, join(path, "foreign"))).toBeUndefined();
  });
  it("is itself alone where the folder holds more than a project, listed or a repository", async () => {
    const home = scratchHome();
    const path = scratchProject();
    const wide = realpathSync(tmpdir());
    await putProject(home, entryFor(wide));
    expect(joinedProject(home, wide)?.name).toBe("alice");
    expect(joinedProject(home, path)).toBeUndefined();
    expect(isTooWide(wide) && isTooWide("/") && isTooWide(userFolder({})) && isTooWide(dirname(userFolder({})))).toBe(
      true,
    );
    expect(isTooWide(path)).toBe(false);
  });
  it("says when the directory is not there, and makes nothing", () => {
    const home = scratchHome();
    expect(findProject(home, "/no/such/place")).toMatchObject({ ok: false, code: "no-directory" });
    expect(findProject(home, scratchProject()).ok).toBe(true);
    expect(() => readFileSync(home.path)).toThrow(/ENOENT/);
  });
});

describe("joined", () => {
  it("only while it is, and nowhere else", async () => {
    const home = scratchHome();
    const path = scratchProject();
    expect(joinedProject(home, path)).toBeUndefined();
    await putProject(home, entryFor(path));
    expect(joinedProject(home, path)?.name).toBe("alice");
    expect(joinedProject(home, dirname(path))).toBeUndefined();
    await editProject(home, path, { joined: false });
    expect(joinedProject(home, path)).toBeUndefined();
  });
  it("a stopped project inside a joined one is stopped", async () => {
    const home = scratchHome();
    const path = scratchProject();
    mkdirSync(join(path, "in"));
    await putProject(home, entryFor(path));
    await putProject(home, entryFor(join(path, "in"), { name: "bob", joined: false }));
    expect(joinedProject(home, join(path, "in"))).toBeUndefined();
  });
  it("a copy of a project's folder is not joined", async () => {
    const home = scratchHome();
    const path = scratchProject();
    await putProject(home, entryFor(path));
    cpSync(path, `${path}-copy`, { recursive: true });
    expect(joinedProject(home, `${path}-copy`)).toBeUndefined();
  });
  it("is quiet about a registry that can't be read; the others say so", () => {
    const home = scratchHome();
    ensureHome(home);
    writeFileSync(registryPath(home), "{ torn", { mode: 0o600 });
    expect(joinedProject(home, scratchProject())).toBeUndefined();
    expect(listProjects(home)).toMatchObject({ ok: false, code: "bad-file" });
  });
});

describe("changing the list", () => {
  it("refuses two projects under one name in one room, naming the other", async () => {
    const home = scratchHome();
    const [one, two] = [scratchProject("one"), scratchProject("two")];
    await putProject(home, entryFor(one));
    const refused = await putProject(home, entryFor(two));
    expect(refused).toMatchObject({ ok: false, code: "name-in-use" });
    expect(refused.ok ? "" : refused.message).toContain(one);
    expect((await putProject(home, entryFor(two, { name: "bob" }))).ok).toBe(true);
    expect((await putProject(home, entryFor(two, { room: "other" }))).ok).toBe(true);
    expect(await editProject(home, two, { room: "main" })).toMatchObject({ ok: false, code: "name-in-use" });
  });
  it("frees the name when the other's folder was moved away", async () => {
    const home = scratchHome();
    const one = scratchProject("one");
    await putProject(home, entryFor(one));
    renameSync(one, `${one}-moved`);
    expect((await putProject(home, entryFor(`${one}-moved`))).ok).toBe(true);
    const projects = listProjects(home);
    expect(projects.ok && projects.value.map((p) => p.path)).toEqual([`${one}-moved`]);
  });
  it("loses nothing when many change it at once", async () => {
    const home = scratchHome();
    const paths = Array.from({ length: 12 }, (_, i) => scratchProject(`p${i}`));
    const puts = await Promise.all(paths.map((path, i) => putProject(home, entryFor(path, { name: `n${i}` }))));
    expect(puts.every((put) => put.ok)).toBe(true);
    const projects = listProjects(home);
    expect(projects.ok && projects.value.map((p) => p.path).sort()).toEqual([...paths].sort());
  });
  it("keeps entries it can't read", async () => {
    const home = scratchHome();
    ensureHome(home);
    writeFileSync(registryPath(home), JSON.stringify({ v: 1, projects: [{ path: "/future", shape: 2 }] }), {
      mode: 0o600,
    });
    await putProject(home, entryFor(scratchProject()));
    expect(readFileSync(registryPath(home), "utf8")).toContain("/future");
  });
  it("edits and removes only what is listed", async () => {
    const home = scratchHome();
    const path = scratchProject();
    expect(await editProject(home, path, { joined: false })).toMatchObject({ ok: false, code: "not-listed" });
    expect(await removeProject(home, path)).toEqual({ ok: true, value: false });
    await putProject(home, entryFor(path));
    expect(await removeProject(home, path)).toEqual({ ok: true, value: true });
    expect(listProjects(home)).toEqual({ ok: true, value: [] });
  });
});
