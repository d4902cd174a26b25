// The digest alone: the newer interface loads configuration files first, which costs a millisecond a start.
#define OPENSSL_API_COMPAT 0x10100000L
#include <openssl/sha.h>
