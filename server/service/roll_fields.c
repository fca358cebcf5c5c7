/* The rules for each field of a roll. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/encode.h"
#include "protocol/credentials.h"
#include "server/service/roll.h"

enum { VOTING_AGE = 18 };

static bool has_control(const char *text)
{
  for (; *text != 0; text++)
    if ((unsigned char)*text < 0x20 || *text == 0x7f)
      return true;
  return false;
}

static size_t characters(const char *text)
{
  size_t n = 0;
  for (; *text != 0; text++)
    n += ((unsigned char)*text & 0xc0) != 0x80;
  return n;
}

static bool fault(nep_roll *roll, int64_t line, const char *field, const char *reason)
{
  nep_roll_fault_add(roll, line, field, "%s", reason);
  return false;
}

bool nep_roll_check_name(nep_roll *roll, int64_t line, const char *text)
{
  if (*text == 0)
    return fault(roll, line, "name", "it is empty");
  if (characters(text) > NEP_ROLL_NAME_MAX)
    return fault(roll, line, "name", "it has more than 200 characters");
  if (has_control(text))
    return fault(roll, line, "name", "it contains a control character");
  return true;
}

/* Digits 1-3 place, 4 century and sex, 5-6 year of birth, 7-12 serial number. */
static bool check_vn12(nep_roll *roll, int64_t line, const char *text)
{
  if (strlen(text) == 12 && strspn(text, "0123456789") == 12)
    return true;
  return fault(roll, line, "identifier", "it is not a number of 12 digits");
}

bool nep_roll_check_identifier(nep_roll *roll, const nep_roll_rules *rules, int64_t line,
                               const char *text)
{
  if (*text == 0)
    return fault(roll, line, "identifier", "it is empty");
  if (rules->vn12)
    return check_vn12(roll, line, text);
  if (strlen(text) > NEP_ROLL_IDENTIFIER_MAX)
    return fault(roll, line, "identifier", "it has more than 100 bytes");
  if (has_control(text))
    return fault(roll, line, "identifier", "it contains a control character");
  return true;
}

/* The year that the fourth to sixth digits tell: 0 and 1 are the 20th century, 2 and 3 the 21st. */
static int vn12_year(const char *identifier)
{
  return 1900 + 100 * ((identifier[3] - '0') / 2) + 10 * (identifier[4] - '0') +
         (identifier[5] - '0');
}

/* "1990-02-28" of the calendar. */
static bool read_date(const char *text, int date[3])
{
  char whole[21];
  int64_t ignored;
  if (strlen(text) != 10)
    return false;
  memcpy(whole, text, 10);
  memcpy(whole + 10, "T00:00:00Z", 11);
  if (!nep_clock_parse(whole, &ignored))
    return false;
  date[0] = (int)strtol(text, NULL, 10);
  date[1] = (int)strtol(text + 5, NULL, 10);
  date[2] = (int)strtol(text + 8, NULL, 10);
  return date[0] >= 1850;
}

/* Vietnam's day: the voting day begins at midnight in UTC+7. */
static bool is_of_age(const int birth[3], int64_t voting_day)
{
  time_t local = (time_t)(voting_day + 7 * 3600);
  struct tm day;
  gmtime_r(&local, &day);
  int years = day.tm_year + 1900 - birth[0];
  bool had_birthday =
      day.tm_mon + 1 > birth[1] || (day.tm_mon + 1 == birth[1] && day.tm_mday >= birth[2]);
  return years > VOTING_AGE || (years == VOTING_AGE && had_birthday);
}

bool nep_roll_check_birth(nep_roll *roll, const nep_roll_rules *rules, int64_t line,
                          const char *identifier, const char *text)
{
  int birth[3];
  if (*text == 0)
    return true;
  if (!read_date(text, birth))
    return fault(roll, line, "birth_date", "it is not a date of the calendar like 1990-02-28");
  if (rules->vn12 && vn12_year(identifier) != birth[0]) {
    nep_roll_fault_add(roll, line, "birth_date",
                       "the year is %d, but the identifier says %d (century, sex and year digits)",
                       birth[0], vn12_year(identifier));
    return false;
  }
  if (rules->voting_day != 0 && !is_of_age(birth, rules->voting_day))
    return fault(roll, line, "birth_date", "the person is under 18 on the day of voting");
  return true;
}

bool nep_roll_check_weight(nep_roll *roll, const nep_roll_rules *rules, int64_t line,
                           const char *text, int64_t *weight)
{
  size_t len = strlen(text);
  *weight = len > 0 && len <= 10 && strspn(text, "0123456789") == len && text[0] != '0'
                ? strtoll(text, NULL, 10)
                : 0;
  if (*weight > 1 && *weight <= NEP_WEIGHT_MAX && !rules->weights)
    return fault(roll, line, "weight",
                 "it is not 1, and the trust file of the election expects no weights");
  if (*weight >= 1 && *weight <= NEP_WEIGHT_MAX)
    return true;
  return fault(roll, line, "weight", "it is not a whole number from 1 to 1000000000");
}
