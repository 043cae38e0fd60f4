<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ru" sourcelanguage="en">
<context>
    <name>Errors</name>
    <message>
        <source>The server&apos;s name cannot be found. Check the address and the network.</source>
        <translation>Имя сервера не найдено. Проверьте адрес и сеть.</translation>
    </message>
    <message>
        <source>No connection to the server. Check the network and the firewall.</source>
        <translation>Нет связи с сервером. Проверьте сеть и межсетевой экран.</translation>
    </message>
    <message>
        <source>The server&apos;s certificate was not accepted. Check this computer&apos;s clock and the company&apos;s proxy.</source>
        <translation>Сертификат сервера не принят. Проверьте часы компьютера и прокси компании.</translation>
    </message>
    <message>
        <source>The proxy refused. Check the proxy settings of this computer.</source>
        <translation>Прокси отказал. Проверьте настройки прокси на этом компьютере.</translation>
    </message>
    <message>
        <source>The server did not answer in time. Check the network.</source>
        <translation>Сервер не ответил вовремя. Проверьте сеть.</translation>
    </message>
    <message>
        <source>Only https:// addresses are allowed. Correct it in Connect.</source>
        <translation>Допустимы только адреса https://. Исправьте в окне «Подключение».</translation>
    </message>
    <message>
        <source>This is not a full address. Correct it in Connect.</source>
        <translation>Адрес неполный. Исправьте в окне «Подключение».</translation>
    </message>
    <message>
        <source>Not signed in to the phone system. Open Connect.</source>
        <translation>Вход на АТС не выполнен. Откройте «Подключение».</translation>
    </message>
    <message>
        <source>No answer came. Look at the list before you try again.</source>
        <translation>Ответа не было. Проверьте список, прежде чем повторять.</translation>
    </message>
    <message>
        <source>The connection broke. Look at the list before you try again.</source>
        <translation>Связь прервалась. Проверьте список, прежде чем повторять.</translation>
    </message>
    <message>
        <source>Login or password is wrong. Correct it in Connect.</source>
        <translation>Неверный логин или пароль. Исправьте в окне «Подключение».</translation>
    </message>
    <message>
        <source>The sign-in is not accepted any more. Sign in again in Connect.</source>
        <translation>Вход больше не принимается. Войдите заново в окне «Подключение».</translation>
    </message>
    <message>
        <source>The permanent key has expired. Ask the administrator for a new one.</source>
        <translation>Срок постоянного ключа истёк. Попросите у администратора новый.</translation>
    </message>
    <message>
        <source>The permanent key is blocked. Ask the administrator.</source>
        <translation>Постоянный ключ заблокирован. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>This computer&apos;s address is not allowed. The administrator adds it in the phone system&apos;s cabinet.</source>
        <translation>Адрес этого компьютера не разрешён. Администратор добавляет его в личном кабинете АТС.</translation>
    </message>
    <message>
        <source>The phone system&apos;s plan lacks a component. Ask the administrator.</source>
        <translation>В тарифе АТС нет нужного компонента. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>The phone system&apos;s account is switched off. Ask the administrator.</source>
        <translation>Учётная запись АТС отключена. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>The phone system does not allow this. Ask the administrator.</source>
        <translation>АТС этого не разрешает. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>The account&apos;s points are used up for now. Try again in a minute.</source>
        <translation>Баллы учётной записи пока исчерпаны. Повторите через минуту.</translation>
    </message>
    <message>
        <source>The call is over already.</source>
        <translation>Звонок уже завершён.</translation>
    </message>
    <message>
        <source>The call has changed meanwhile; this cannot be done now.</source>
        <translation>Звонок успел измениться; сейчас это невозможно.</translation>
    </message>
    <message>
        <source>This number does not exist or is switched off.</source>
        <translation>Такого номера нет, или он отключён.</translation>
    </message>
    <message>
        <source>This is one of the company&apos;s own lines; choose another.</source>
        <translation>Это собственная линия компании; выберите другой номер.</translation>
    </message>
    <message>
        <source>This number is on the blacklist.</source>
        <translation>Номер в чёрном списке.</translation>
    </message>
    <message>
        <source>The phone system does not know this employee.</source>
        <translation>АТС не знает этого сотрудника.</translation>
    </message>
    <message>
        <source>The phone system does not know this tag.</source>
        <translation>АТС не знает этой метки.</translation>
    </message>
    <message>
        <source>The call has this tag already.</source>
        <translation>Эта метка уже стоит.</translation>
    </message>
    <message>
        <source>This participant has left already.</source>
        <translation>Участник уже отключился.</translation>
    </message>
    <message>
        <source>No coach is set for this employee. Give a number, or ask the administrator.</source>
        <translation>Сотруднику не назначен суфлёр. Укажите номер или обратитесь к администратору.</translation>
    </message>
    <message>
        <source>The call is being recorded already.</source>
        <translation>Звонок уже записывается.</translation>
    </message>
    <message>
        <source>The call is not being recorded.</source>
        <translation>Звонок не записывается.</translation>
    </message>
    <message>
        <source>The hold message is too long. Shorten it in the settings.</source>
        <translation>Сообщение удержания слишком длинное. Сократите его в настройках.</translation>
    </message>
    <message>
        <source>The hold message&apos;s file is not there. Correct it in the settings.</source>
        <translation>Файла сообщения удержания нет. Исправьте в настройках.</translation>
    </message>
    <message>
        <source>The company&apos;s number in the settings is not known.</source>
        <translation>Номер компании из настроек неизвестен АТС.</translation>
    </message>
    <message>
        <source>The phone system had an error of its own. Try again; then ask its support.</source>
        <translation>На АТС произошла ошибка. Повторите; если не поможет, обратитесь в её поддержку.</translation>
    </message>
    <message>
        <source>There is no keyring on this computer; sign-in data is kept for this run only.</source>
        <translation>На этом компьютере нет хранилища паролей; данные входа хранятся только до закрытия.</translation>
    </message>
    <message>
        <source>The keyring found is not safe; sign-in data is kept for this run only.</source>
        <translation>Найденное хранилище паролей ненадёжно; данные входа хранятся только до закрытия.</translation>
    </message>
    <message>
        <source>The keyring is locked. Unlock it and try again.</source>
        <translation>Хранилище паролей заблокировано. Разблокируйте его и повторите.</translation>
    </message>
    <message>
        <source>The keyring does not answer. Unlock it and try again.</source>
        <translation>Хранилище паролей не отвечает. Разблокируйте его и повторите.</translation>
    </message>
    <message>
        <source>The disk is full; nothing was saved. Free some space and save again.</source>
        <translation>Диск заполнен, ничего не сохранено. Освободите место и сохраните снова.</translation>
    </message>
    <message>
        <source>The data folder cannot be written; nothing was saved. Ask the administrator.</source>
        <translation>В папку данных нельзя писать, ничего не сохранено. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>It is not certain that it was saved. Look before you save again.</source>
        <translation>Неизвестно, сохранилось ли. Проверьте, прежде чем сохранять снова.</translation>
    </message>
    <message>
        <source>The database is damaged. Ask the administrator.</source>
        <translation>База данных повреждена. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>The data was written by a newer Pult. Install the newer version.</source>
        <translation>Данные записаны более новой версией Pult. Установите её.</translation>
    </message>
    <message>
        <source>Another Pult uses this data folder.</source>
        <translation>Эту папку данных использует другой Pult.</translation>
    </message>
    <message>
        <source>The sign-in was refused. Check it in Connect.</source>
        <translation>Во входе отказано. Проверьте данные в окне «Подключение».</translation>
    </message>
    <message>
        <source>The other side refused ({code}).</source>
        <translation>Другая сторона отказала ({code}).</translation>
    </message>
    <message>
        <source>It is not known whether it was done. Look at the list first.</source>
        <translation>Неизвестно, выполнено ли. Сначала проверьте список.</translation>
    </message>
    <message>
        <source>No connection ({code}). Nothing was sent.</source>
        <translation>Нет связи ({code}). Ничего не отправлено.</translation>
    </message>
    <message>
        <source>The keyring cannot be used ({code}).</source>
        <translation>Хранилище паролей недоступно ({code}).</translation>
    </message>
    <message>
        <source>Nothing could be saved ({code}). Ask the administrator.</source>
        <translation>Сохранить не удалось ({code}). Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>The settings cannot be used ({code}).</source>
        <translation>Настройки непригодны ({code}).</translation>
    </message>
    <message>
        <source>It did not work ({code}).</source>
        <translation>Не получилось ({code}).</translation>
    </message>
    <message>
        <source>Something in Pult went wrong ({kind}). The calls go on; details are in the log.</source>
        <translation>В Pult произошла ошибка ({kind}). Звонки продолжаются; подробности в журнале.</translation>
    </message>
</context>
</TS>
