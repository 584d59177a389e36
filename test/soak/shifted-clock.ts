// Loaded before a program: its clock is wrong by AGORA_SOAK_SHIFT_MS.
const shiftMs = Number(process.env["AGORA_SOAK_SHIFT_MS"]);
const RealDate = globalThis.Date;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: readonly unknown[], self) =>
    Reflect.construct(target, args.length === 0 ? [target.now() + shiftMs] : args, self) as Date,
  apply: (target) => new target(target.now() + shiftMs).toString(),
  get: (target, name) => (name === "now" ? () => target.now() + shiftMs : (Reflect.get(target, name) as unknown)),
});
