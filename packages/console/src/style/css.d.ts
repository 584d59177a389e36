// Style sheets are imported only for their effect; the bundler extracts them.
declare module "*.css";
