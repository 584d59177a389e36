// Starts the quick half of the executable, and has Node keep what it compiles beside the bundles: compiling is a third of a short
// command's time. Node checks what it kept against the code, and goes without where it can't write (Node 20 always does).
import module from "node:module";
import { join } from "node:path";

const { enableCompileCache }: Partial<Pick<typeof module, "enableCompileCache">> = module;
enableCompileCache?.(join(__dirname, "compiled"));

// Not by `import`, which reads a CommonJS file twice: once for the names that it exports.
require("./quick.cjs");
