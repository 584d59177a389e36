@node "%~dp0..\dist\agora.mjs" %*
