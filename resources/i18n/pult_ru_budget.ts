<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ru" sourcelanguage="en">
<context>
    <name>Budget</name>
    <message>
        <source>Read the list of calls</source>
        <translation>Чтение списка звонков</translation>
    </message>
    <message>
        <source>Read the talk options</source>
        <translation>Чтение опций разговора</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Вход</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>Выход</translation>
    </message>
    <message>
        <source>Start a call through an employee</source>
        <translation>Звонок через сотрудника</translation>
    </message>
    <message>
        <source>Start a call through a scenario</source>
        <translation>Звонок через сценарий</translation>
    </message>
    <message>
        <source>Start a call through a virtual number</source>
        <translation>Звонок через виртуальный номер</translation>
    </message>
    <message>
        <source>Start an announcement</source>
        <translation>Информационный звонок</translation>
    </message>
    <message>
        <source>Start a call between two numbers</source>
        <translation>Звонок между двумя номерами</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>Удержание</translation>
    </message>
    <message>
        <source>Back to the caller</source>
        <translation>Снятие с удержания</translation>
    </message>
    <message>
        <source>Call a colleague</source>
        <translation>Вызов коллеги</translation>
    </message>
    <message>
        <source>Transfer</source>
        <translation>Перевод</translation>
    </message>
    <message>
        <source>Take the caller back from a colleague</source>
        <translation>Возврат к клиенту</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>Метка</translation>
    </message>
    <message>
        <source>Recording on or off</source>
        <translation>Включение и выключение записи</translation>
    </message>
    <message>
        <source>One key of the keypad</source>
        <translation>Одна клавиша тонального набора</translation>
    </message>
    <message>
        <source>Add a coach</source>
        <translation>Подключение суфлёра</translation>
    </message>
    <message>
        <source>Drop a participant</source>
        <translation>Отключение участника</translation>
    </message>
    <message>
        <source>End a call</source>
        <translation>Завершение звонка</translation>
    </message>
    <message>
        <source>Block a caller</source>
        <translation>Блокировка звонящего</translation>
    </message>
    <message>
        <source>Use a talk option</source>
        <translation>Опция разговора</translation>
    </message>
    <message>
        <source>Points</source>
        <translation>Баллы</translation>
    </message>
    <message>
        <source>This minute</source>
        <translation>Эта минута</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Сегодня</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>Запрос</translation>
    </message>
    <message>
        <source>Points, measured</source>
        <translation>Баллов, измерено</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Отправлено</translation>
    </message>
    <message>
        <source>Points belong to the whole account: every console and program that uses the Call API takes from the same ones. What a request costs is not published; Pult measures it.</source>
        <translation>Баллы общие на весь аккаунт: их тратят все рабочие места и программы, которые пользуются Call API. Сколько стоит запрос, нигде не опубликовано; Pult это измеряет.</translation>
    </message>
    <message>
        <source>not known yet</source>
        <translation>пока неизвестно</translation>
    </message>
    <message>
        <source>free so far</source>
        <translation>пока бесплатно</translation>
    </message>
    <message>
        <source>{points} so far</source>
        <translation>пока {points}</translation>
    </message>
    <message>
        <source>free</source>
        <translation>бесплатно</translation>
    </message>
    <message>
        <source>never told</source>
        <translation>не сообщалось</translation>
    </message>
    <message>
        <source>{left} of {limit} left</source>
        <translation>осталось {left} из {limit}</translation>
    </message>
    <message>
        <source>full again at {time}, in {left}</source>
        <translation>снова полностью в {time}, через {left}</translation>
    </message>
    <message>
        <source>Reduced refresh: the list is read every {every}. This minute&apos;s points run low, and a part of them is kept for commands.</source>
        <translation>Обновление реже: список читается раз в {every}. Баллы этой минуты на исходе, часть из них оставлена для команд.</translation>
    </message>
    <message>
        <source>Reduced refresh: the list is read every {every}. The day&apos;s points would not last otherwise; {reserve} of them are kept for commands. During your calls it is read more often.</source>
        <translation>Обновление реже: список читается раз в {every}. Иначе баллов не хватит на день; {reserve} из них оставлено для команд. Во время ваших звонков список читается чаще.</translation>
    </message>
    <message>
        <source>The list is read every {every}, as set.</source>
        <translation>Список читается раз в {every}, как задано в настройках.</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} с</translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes} мин</translation>
    </message>
    <message>
        <source>The account&apos;s points are used up. The list is read again at {time}; commands work again then.</source>
        <translation>Баллы аккаунта закончились. Список снова читается в {time}; тогда же снова заработают команды.</translation>
    </message>
    <message>
        <source>The list of calls is not available, the plan lacks its component; starting and ending calls still works. The administrator orders it in the cabinet: Account, Tariffs and options.</source>
        <translation>Список звонков недоступен: в тарифе нет компонента; начинать и завершать звонки можно. Его подключает администратор: кабинет, Аккаунт → Тарифы и опции.</translation>
    </message>
    <message>
        <source>The calls cannot be listed. {reason}</source>
        <translation>Список звонков прочитать нельзя. {reason}</translation>
    </message>
    <message>
        <source>Not refreshed: this hour&apos;s share is used up. Again in {left}.</source>
        <translation>Не обновлено: доля на этот час потрачена. Снова через {left}.</translation>
    </message>
    <message>
        <source>Not refreshed: points are kept for commands. Next in {left}.</source>
        <translation>Не обновлено: баллы нужны командам. Следующее через {left}.</translation>
    </message>
    <message>
        <source>For the administrator: the phone system will switch off this version of its interface. Look for a newer Pult.</source>
        <translation>Администратору: АТС отключит эту версию своего интерфейса. Поищите более новый Pult.</translation>
    </message>
    <message>
        <source>The phone system has not told how many points the day has.</source>
        <translation>АТС не сообщила, сколько баллов на день.</translation>
    </message>
    <message>
        <source>The day&apos;s points are used up.</source>
        <translation>Баллы на сегодня исчерпаны.</translation>
    </message>
    <message>
        <source>Whether the day&apos;s points last is known after half a minute of watching.</source>
        <translation>Хватит ли баллов на день, будет известно через полминуты наблюдения.</translation>
    </message>
    <message>
        <source>Lasts until the reset at the present pace, {pace} points an hour.</source>
        <translation>При нынешнем темпе, {pace} баллов в час, хватит до обновления.</translation>
    </message>
    <message>
        <source>Used up at about {time} at the present pace, {pace} points an hour; Pult reads the list less often before that.</source>
        <translation>При нынешнем темпе, {pace} баллов в час, закончатся около {time}; до этого Pult будет реже читать список.</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Скрыть</translation>
    </message>
    <message>
        <source>Points…</source>
        <translation>Баллы…</translation>
    </message>
</context>
</TS>
