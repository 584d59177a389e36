// Style sheets are imported for their effect alone; the bundler takes them out.
declare module "*.css";
