// CommonMark's reference parser, as Debian's libcmark-dev installs it.
#pragma once
#include <cmark.h>
