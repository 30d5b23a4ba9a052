@echo off
rem Builds when nothing is built, then runs the command line. See circuitscope --help.
rem   JAVA_HOME               which Java to use, else the one on the path
rem   CIRCUITSCOPE_JAVA_OPTS  more options for it, such as -Xmx4g
setlocal enableextensions
set "HOME_DIR=%~dp0"
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java.exe"

"%JAVA%" -version >nul 2>&1
if errorlevel 1 (
  echo circuitscope: no Java found; install JDK 17 or later, or set JAVA_HOME 1>&2
  exit /b 1
)
set "VERSION=0"
for /f "tokens=3" %%v in ('""%JAVA%" -XshowSettings:properties -version 2^>^&1" ^| findstr /c:"java.specification.version"') do set "VERSION=%%v"
if "%VERSION%"=="1.8" set "VERSION=8"
if %VERSION% LSS 17 (
  echo circuitscope: Java 17 or later is needed, this is %VERSION%; set JAVA_HOME 1>&2
  exit /b 1
)

call :built
if errorlevel 1 (
  where mvn >nul 2>&1
  if errorlevel 1 (
    echo circuitscope: not built yet, and Maven ^(mvn^) is not on the path; install it to build 1>&2
    exit /b 1
  )
  echo circuitscope: building ^(the first time this downloads dependencies^) 1>&2
  pushd "%HOME_DIR%"
  call mvn -B -q -DskipTests -pl examples -am package 1>&2
  popd
  call :built
)
if errorlevel 1 (
  echo circuitscope: the build failed 1>&2
  exit /b 1
)

set "NATIVE="
if %VERSION% GEQ 24 set "NATIVE=--enable-native-access=ALL-UNNAMED"
"%JAVA%" -Xmx3g --add-modules=jdk.incubator.vector -Djava.awt.headless=true ^
  -Dorg.bytedeco.javacpp.maxbytes=4G -Dorg.bytedeco.javacpp.maxphysicalbytes=8G ^
  %NATIVE% %CIRCUITSCOPE_JAVA_OPTS% ^
  -cp "%HOME_DIR%examples\target\*;%HOME_DIR%examples\target\lib\*" ^
  dev.circuitscope.examples.cli.Circuitscope %*
exit /b %ERRORLEVEL%

:built
if not exist "%HOME_DIR%examples\target\lib" exit /b 1
if not exist "%HOME_DIR%examples\target\circuitscope-examples-*.jar" exit /b 1
exit /b 0
