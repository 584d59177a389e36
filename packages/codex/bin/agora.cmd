@node "%~dp0..\dist\quick.cjs" %*
