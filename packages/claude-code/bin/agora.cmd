@node "%~dp0..\dist\launch.cjs" %*
