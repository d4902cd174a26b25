// Who the program is: nobody in particular, without privileges.
//
// For root the kernel doesn't enforce a number of processes, and root owns most files, whose mode
// landlock lets an owner change. So root gives the program a user id that nobody else has. That id
// could not read root's private folders (~/.cache is 0700), so one capability stays: to pass file
// modes. What may be opened is landlock's decision, and root could open all of it before.

#define _GNU_SOURCE
#include "confine.h"

#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
  // Above every range that distributions hand out; a random part keeps two runs apart.
  FIRST_OWN_UID = 0x7E000000,
};

static void set_capabilities(uint32_t kept) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2] = {
    {.effective = kept, .permitted = kept, .inheritable = kept}
  };
  syscall(SYS_capset, &header, data);
}

static bool change_user(void) {
  uint32_t random = 0;
  if (getrandom(&random, sizeof random, 0) != sizeof random) return false;
  uid_t own = FIRST_OWN_UID + (random & 0xFFFFFF);
  prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
  return !setgroups(0, NULL) && !setresgid(own, own, own) && !setresuid(own, own, own);
}

void drop_privileges(const struct options *options, struct layers *layers) {
  bool may_change = geteuid() == 0 && !options->without_uid
    && (!layers->user_namespace || layers->all_ids);
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
    if (!may_change || capability != CAP_DAC_OVERRIDE)
      prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  layers->own_uid = may_change && change_user();
  set_capabilities(layers->own_uid ? 1U << CAP_DAC_OVERRIDE : 0);
  if (layers->own_uid)
    // Inherited over execve, which otherwise would drop it for anyone but root.
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0);
}
